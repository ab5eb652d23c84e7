import ConcordBackends

/// What the strategies' parts cost on one thread, in seconds; single precision, twice that in double.
///
/// The built-in numbers were fitted to `concord-bench regret` on an AMD EPYC (Zen 4, AVX-512) with
/// FFTW 3.3.10. Only their ratios decide.
package struct CostModel: Hashable, Sendable {
  /// One multiply-add of the direct sum, and how much more one of a lone row is, which has no
  /// neighbours to share what it loads with.
  var multiplyAdd = 2.2e-11
  var loneRowMultiplyAdd = 1.0e-11
  /// An output of the direct sum beside its taps, and a row of outputs for each plane of the kernel.
  var directOutput = 2.5e-10
  var directRow = 1.1e-8

  /// One unit of ``transformWork(_:)`` of a transform of the whole image, there and back.
  var butterfly = 1.9e-10
  /// What a sample of it costs more for each doubling beyond ``imageCacheBytes``.
  var imageCacheMiss = 4.2e-10
  var imageCacheBytes = 32 << 20

  /// A complex value of a tile: for each halving of the tile, there and back with the product, and
  /// once for gathering and writing.
  var tileButterfly = 1.6e-10
  var tileValue = 7.5e-10
  /// A row that is gathered into a tile.
  var tileRow = 1.1e-8
  /// What a complex value costs more for each doubling beyond ``tileCacheBytes``, and of a line.
  var tileCacheMiss = 3.5e-10
  var tileCacheBytes = 1 << 20
  var lineValue = 1.5e-10

  /// What each call costs, one by transforms more, and sharing work out over threads.
  var call = 1e-6
  var transformCall = 2e-6
  var sharing = 25e-6

  package static let standard = CostModel()

  /// The threads that work of so many seconds is worth: waking one takes as long as a little work.
  func usefulThreads(_ threads: Int, seconds: Double) -> Int {
    seconds < 2.5 * sharing ? 1 : threads
  }
}
