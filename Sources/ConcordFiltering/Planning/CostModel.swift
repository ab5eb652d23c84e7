import ConcordBackends

/// What the strategies' parts cost on one thread, in seconds; single precision, twice that in double.
///
/// The built-in numbers were fitted to `concord-bench regret` on an AMD EPYC (Zen 4, AVX-512) with
/// FFTW 3.3.10. Only their ratios decide.
package struct CostModel: Hashable, Sendable, Codable {
  /// One multiply-add of the direct sum, and how much more one of a lone row is, which has no
  /// neighbours to share what it loads with.
  package var multiplyAdd = 2.1e-11
  var loneRowMultiplyAdd = 1.0e-11
  /// An output of the direct sum beside its taps, and a row of outputs for each plane of the kernel.
  var directOutput = 2e-10
  var directRow = 1.6e-8

  /// One multiply-add of a pass along an axis, an output of the passes together, and a row of a strip.
  var passMultiplyAdd = 2.8e-11
  var passOutput = 3.3e-10
  var passRow = 3e-8
  /// An output of window sums, and an element that is read for them.
  var windowOutput = 5e-10
  var windowInput = 4e-10
  /// One multiply-add of a matrix product of many rows, an element of the matrix of windows, and an
  /// output of one kernel of a bank.
  var matrixMultiplyAdd = 2.4e-11
  var windowElement = 2.5e-10
  var bankOutput = 5e-10
  /// The factor of a shrinking window.
  var edgeFactor = 1.5e-7
  /// An element of a kernel whose factors are looked for, for each of them.
  var factorSearch = 1.5e-9

  /// One unit of ``transformWork(_:)`` of a transform of the whole image, there and back.
  var butterfly = 1.9e-10
  /// What a sample of it costs more for each doubling beyond ``imageCacheBytes``.
  var imageCacheMiss = 4.2e-10
  var imageCacheBytes = 32 << 20

  /// A complex value of a tile: for each halving of the tile, there and back with the product, and
  /// once for gathering and writing.
  var tileButterfly = 1.5e-10
  var tileValue = 5.5e-10
  /// A row that is gathered into a tile.
  var tileRow = 1.6e-8
  /// What a complex value costs more for each doubling beyond ``tileCacheBytes``, and of a line.
  var tileCacheMiss = 3.5e-10
  var tileCacheBytes = 1 << 20
  /// The same beyond ``tileMemoryBytes``, a processor's share of the last cache.
  var tileMemoryMiss = 1.1e-9
  var tileMemoryBytes = 8 << 20
  var lineValue = 1e-10

  /// What each call costs, one by transforms more, and sharing work out over threads.
  var call = 1e-6
  var transformCall = 1e-6
  /// What a call by transforms of the whole image costs more than that.
  var imageCall = 9e-6
  package var sharing = 40e-6

  /// The built-in costs.
  package static let standard = CostModel()

  /// Those that decisions are made by: what `concord tune` measured on this machine, or the built-in
  /// ones.
  package static var current: CostModel { chosen ?? kept }

  /// Costs in place of this machine's, for whoever has to decide as any machine would.
  @TaskLocal package static var chosen: CostModel?

  private static let kept = KeptCosts.load() ?? .standard

  /// The costs that predictions are linear in, on one thread.
  package static let coefficients: [CostCoefficient] = [
    CostCoefficient("multiply_add", \.multiplyAdd),
    CostCoefficient("lone_row_multiply_add", \.loneRowMultiplyAdd),
    CostCoefficient("direct_output", \.directOutput),
    CostCoefficient("direct_row", \.directRow),
    CostCoefficient("butterfly", \.butterfly),
    CostCoefficient("image_cache_miss", \.imageCacheMiss),
    CostCoefficient("tile_butterfly", \.tileButterfly),
    CostCoefficient("tile_value", \.tileValue),
    CostCoefficient("tile_row", \.tileRow),
    CostCoefficient("tile_cache_miss", \.tileCacheMiss),
    CostCoefficient("tile_memory_miss", \.tileMemoryMiss),
    CostCoefficient("line_value", \.lineValue),
    CostCoefficient("call", \.call),
    CostCoefficient("transform_call", \.transformCall),
    CostCoefficient("image_call", \.imageCall),
    CostCoefficient("pass_multiply_add", \.passMultiplyAdd),
    CostCoefficient("pass_output", \.passOutput),
    CostCoefficient("pass_row", \.passRow),
    CostCoefficient("window_output", \.windowOutput),
    CostCoefficient("window_input", \.windowInput),
    CostCoefficient("edge_factor", \.edgeFactor),
    CostCoefficient("matrix_multiply_add", \.matrixMultiplyAdd),
    CostCoefficient("window_element", \.windowElement),
    CostCoefficient("bank_output", \.bankOutput),
  ]

  /// A model in which nothing costs anything.
  static var nothing: CostModel {
    var model = CostModel()
    for coefficient in coefficients { model[keyPath: coefficient.path] = 0 }
    model.sharing = 0
    return model
  }

  /// Whether every cost is a positive number of sensible size.
  var isUsable: Bool {
    let costs = Self.coefficients.map { self[keyPath: $0.path] } + [sharing]
    return costs.allSatisfy { $0 > 0 && $0 < 1 } && imageCacheBytes > 0 && tileCacheBytes > 0
  }

  /// The threads that work of so many seconds is worth: waking one takes as long as a little work.
  package func usefulThreads(_ threads: Int, seconds: Double) -> Int {
    seconds < 2.5 * sharing ? 1 : threads
  }
}

/// One of the costs, with its name for people.
package struct CostCoefficient: Sendable {
  package let name: String
  package let path: any WritableKeyPath<CostModel, Double> & Sendable

  init(_ name: String, _ path: any WritableKeyPath<CostModel, Double> & Sendable) {
    self.name = name
    self.path = path
  }
}
