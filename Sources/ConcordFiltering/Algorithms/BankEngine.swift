import ConcordArrays
import ConcordBackends

/// Executes one strategy with the prepared kernels of a bank.
struct BankEngine<Scalar: RealScalar>: Sendable {
  private enum Executor: Sendable {
    case direct
    case matrix(BankMatrix<Scalar>)
    case overlapSave(TileTransform<Scalar>, BankSpectra<Scalar>)
  }

  let geometry: ConvolutionGeometry
  let sizes: BankSizes
  private let executor: Executor
  /// The sums that define the results, where a transform can't serve.
  private let sums: BankSums<Scalar>
  private let renormalizations: [Renormalization<Scalar>]
  /// The stride that is left to be taken once windows have been rescaled.
  private let laterStride: Extents?
  private let threads: Int

  /// Takes weights that follow each other kernel by kernel, channel by channel, mirrored if need be.
  init(
    weights: SharedBuffer<Scalar>, problem: BankProblem, strategy: ConvolutionStrategy, threads: Int
  ) throws(ConcordError) {
    geometry = problem.single.geometry
    self.threads = threads
    var sizes = problem.sizes
    var renormalizations: [Renormalization<Scalar>] = []
    if geometry.renormalizes {
      guard sizes.channels == 1 else {
        throw .boundaryCannotServe(
          boundary: .renormalize, why: "expected one channel, found \(sizes.channels)")
      }
      for kernel in 0..<sizes.kernels {
        let part = weights.part(kernel * sizes.taps..<(kernel + 1) * sizes.taps)
        renormalizations.append(
          try Renormalization(weights: Samples(real: part), geometry: geometry))
      }
    }
    let isLater = geometry.renormalizes && sizes.stride != Extents(1, 1, 1)
    laterStride = isLater ? sizes.stride : nil
    if isLater {
      sizes = BankSizes(
        geometry, stride: Extents(1, 1, 1), channels: 1, kernels: sizes.kernels)
    }
    self.sizes = sizes
    self.renormalizations = renormalizations
    sums = BankSums(sizes, weights: weights)
    switch strategy {
    case .matrix:
      executor = .matrix(BankMatrix(sizes, weights: weights))
    case .overlapSave(let layout):
      let transform = TileTransform<Scalar>(
        tiles: OverlapTiles(
          lengths: layout.extents, kernel: geometry.kernel, output: geometry.output))
      executor = .overlapSave(
        transform,
        transform.spectra(of: weights, count: sizes.kernels * sizes.channels, threads: threads))
    default:
      executor = .direct
    }
  }

  /// The results of all kernels, one after the other.
  func run(_ channels: [SharedBuffer<Scalar>]) -> SharedBuffer<Scalar> {
    var out = SharedBuffer<Scalar>(uninitializedCount: sizes.kernels * sizes.output.count)
    var isRearranged = false
    switch executor {
    case .matrix(let product):
      product.run(channels, edges: geometry.edges, threads: threads, into: &out)
    case .overlapSave(let transform, let spectra):
      isRearranged = transform.correlate(
        channels, sizes, edges: geometry.edges, with: spectra, threads: threads, into: &out)
      if !isRearranged {
        // NaN and infinity would be all over their tiles.
        sums.run(channels, edges: geometry.edges, threads: threads, into: &out)
      }
    case .direct:
      sums.run(channels, edges: geometry.edges, threads: threads, into: &out)
    }
    guard geometry.renormalizes else { return out }
    return rescaled(out, of: isRearranged ? channels[0] : nil)
  }

  /// Rescales shrunken windows, and takes the stride that had to wait for it.
  private func rescaled(
    _ results: SharedBuffer<Scalar>, of transformed: SharedBuffer<Scalar>?
  ) -> SharedBuffer<Scalar> {
    let count = sizes.output.count
    let later = laterStride ?? Extents(1, 1, 1)
    let wanted = Extents { (sizes.output[$0] + later[$0] - 1) / later[$0] }
    var out = SharedBuffer<Scalar>(uninitializedCount: sizes.kernels * wanted.count)
    for (kernel, renormalization) in renormalizations.enumerated() {
      var result = Samples(real: results.part(kernel * count..<(kernel + 1) * count))
      renormalization.apply(
        to: &result, ofTransformed: transformed.map { Samples(real: $0) }, threads: threads)
      Self.take(result.real, sizes.output, every: later, into: &out, at: kernel * wanted.count)
    }
    return out
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func take(
    _ source: SharedBuffer<Scalar>, _ extents: Extents, every stride: Extents,
    into out: inout SharedBuffer<Scalar>, at start: Int
  ) {
    let from = source.span
    var to = out.mutableSpan
    var next = start
    for plane in Swift.stride(from: 0, to: extents.planes, by: stride.planes) {
      for row in Swift.stride(from: 0, to: extents.rows, by: stride.rows) {
        let line = (plane * extents.rows + row) * extents.columns
        for column in Swift.stride(from: 0, to: extents.columns, by: stride.columns) {
          to[next] = from[line + column]
          next += 1
        }
      }
    }
  }
}
