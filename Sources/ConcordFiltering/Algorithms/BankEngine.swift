import ConcordArrays
import ConcordBackends

/// Executes one strategy with the prepared kernels of a bank.
struct BankEngine<Scalar: RealScalar>: Sendable {
  private enum Executor: Sendable {
    case direct(BankSums<Scalar>)
    case matrix(BankMatrix<Scalar>)
    case overlapSave(TileTransform<Scalar>, BankSpectra<Scalar>)
  }

  let geometry: ConvolutionGeometry
  let sizes: BankSizes
  private let weights: SharedBuffer<Scalar>
  private let executor: Executor
  private let renormalizations: [Renormalization<Scalar>]
  private let threads: Int

  /// Takes weights that follow each other kernel by kernel, channel by channel, mirrored if need be.
  init(
    weights: SharedBuffer<Scalar>, problem: BankProblem, strategy: ConvolutionStrategy, threads: Int
  ) throws(ConcordError) {
    geometry = problem.single.geometry
    sizes = problem.sizes
    self.weights = weights
    self.threads = threads
    var renormalizations: [Renormalization<Scalar>] = []
    if geometry.renormalizes {
      guard sizes.channels == 1 else {
        throw .boundaryCannotServe(
          boundary: .renormalize, why: "expected one channel, found \(sizes.channels)")
      }
      for kernel in 0..<sizes.kernels {
        let part = weights.part(kernel * sizes.taps..<(kernel + 1) * sizes.taps)
        renormalizations.append(
          try Renormalization(
            weights: Samples(real: part), geometry: geometry, stride: sizes.stride))
      }
    }
    self.renormalizations = renormalizations
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
      executor = .direct(BankSums(sizes, weights: weights))
    }
  }

  /// The results of all kernels, one after the other.
  func run(_ channels: [SharedBuffer<Scalar>]) -> SharedBuffer<Scalar> {
    var out = SharedBuffer<Scalar>(uninitializedCount: sizes.kernels * sizes.output.count)
    run(channels, into: &out)
    return out
  }

  /// Overwrites memory that is there with the results of all kernels, one after the other.
  func run(_ channels: [SharedBuffer<Scalar>], into out: inout SharedBuffer<Scalar>) {
    var transformed: Samples<Scalar>?
    switch executor {
    case .matrix(let product):
      product.run(channels, edges: geometry.edges, threads: threads, into: &out)
    case .overlapSave(let transform, let spectra):
      transformed = Samples(real: channels[0])
      let isFinite = transform.correlate(
        channels, sizes, edges: geometry.edges, with: spectra, threads: threads, into: &out)
      if !isFinite { restore(channels, in: &out) }
    case .direct(let sums):
      sums.run(channels, edges: geometry.edges, threads: threads, into: &out)
    }
    if geometry.renormalizes { rescale(&out, of: transformed) }
  }

  /// Puts NaN and infinity where the sums that define the results have them.
  private func restore(_ channels: [SharedBuffer<Scalar>], in out: inout SharedBuffer<Scalar>) {
    let values = NonFiniteValues(
      channels.map { NonFiniteValues.Channel(pixels: $0, edges: geometry.edges) },
      geometry: geometry, stride: sizes.stride, threads: threads)
    guard let values else { return }
    for kernel in 0..<sizes.kernels {
      values.restore(
        in: &out, from: kernel * sizes.output.count,
        weights: weights.part(kernel * sizes.taps..<(kernel + 1) * sizes.taps))
    }
  }

  /// Rescales shrunken windows in place, kernel by kernel.
  private func rescale(_ results: inout SharedBuffer<Scalar>, of transformed: Samples<Scalar>?) {
    let count = sizes.output.count
    let ranges = (0..<sizes.kernels).map { $0 * count..<($0 + 1) * count }
    fillParts(ranges, of: &results, threads: 1) { kernel, part in
      var result = Samples(real: SharedBuffer.taken(from: &part))
      renormalizations[kernel].apply(to: &result, ofTransformed: transformed, threads: threads)
      swap(&part, &result.real)
    }
  }
}
