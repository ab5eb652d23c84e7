import ConcordArrays
import ConcordBackends
import RealModule

/// Makes sums of transforms anew where those would round relative to much larger values elsewhere.
///
/// What transforms of N points round is spread evenly: about ε log₂ N ‖w‖₂ times the root mean square
/// of what they hold. A window whose own norm is far below that is computed from the definition.
struct LocalRounding<Scalar: RealScalar>: Sendable {
  private let geometry: ConvolutionGeometry
  private let weights: SharedBuffer<Scalar>
  /// The extents of what is transformed together.
  private let region: Extents
  private let threads: Int

  /// Nil for strategies that sum term by term.
  init?(
    _ strategy: ConvolutionStrategy, weights: SharedBuffer<Scalar>, geometry: ConvolutionGeometry,
    threads: Int
  ) {
    switch strategy {
    case .direct, .separable, .box, .matrix: return nil
    case .fft: region = geometry.image
    case .overlapSave(let layout):
      region = layout.isLine ? Extents(1, 1, layout.extents.count) : layout.extents
    }
    self.geometry = geometry
    self.weights = weights
    self.threads = threads
  }

  /// From this part of all outputs on, all are summed directly.
  private static var manyOutputs: Double { 0.02 }

  /// Makes anew what was lost; the imaginary part of an image goes on with zeros.
  func restore(
    _ out: inout SharedBuffer<Scalar>, of image: SharedBuffer<Scalar>, asImaginaryPart: Bool
  ) {
    var geometry = geometry
    if asImaginaryPart { geometry.edges.value = 0 }
    let squares = Self.squares(image)
    let energies = windowEnergies(squares, geometry)
    let limit = largestMeanSquare(squares) * tolerance
    guard limit > 0 else { return }
    let places = Self.below(limit, energies)
    if Double(places.count) > Self.manyOutputs * Double(out.count) {
      DirectCorrelation.run(
        image, weights: weights, geometry: geometry, shift: 0,
        tiles: DirectTiles(for: geometry), threads: threads, into: &out)
      return
    }
    let sums = DefinitionSums(weights: Samples(real: weights), geometry: geometry)
    for place in places {
      out[place] = Scalar(sums.value(place, of: Samples(real: image)).real)
    }
  }

  /// The energy of a window, relative to the mean square of a region, below which its sum is lost:
  /// (log₂ N / 64)².
  private var tolerance: Double {
    let share = (Double.log2(Double(region.count) + 1) + 1) / 64
    return share * share
  }

  private func windowEnergies(
    _ squares: SharedBuffer<Double>, _ geometry: ConvolutionGeometry
  ) -> SharedBuffer<Double> {
    var result = SharedBuffer<Double>(uninitializedCount: geometry.output.count)
    var energies = geometry
    energies.edges.value *= energies.edges.value
    WindowSums(geometry: energies).run(squares, threads: threads, into: &result) { part, out in
      let sums = part.sums
      for index in out.indices { out[index] = sums[index] }
    }
    return result
  }

  /// The mean square of the strongest region there could be: regions of any place reach into at most
  /// two blocks along each axis.
  private func largestMeanSquare(_ squares: SharedBuffer<Double>) -> Double {
    let image = geometry.image
    let size = Extents { min(region[$0], image[$0]) }
    let grid = Extents { (image[$0] + size[$0] - 1) / size[$0] }
    var blocks = [Double](repeating: 0, count: grid.count)
    let values = squares.span
    for row in 0..<(image.planes * image.rows) {
      let first =
        (row / image.rows / size.planes * grid.rows + row % image.rows / size.rows) * grid.columns
      for block in 0..<grid.columns {
        let start = row * image.columns + block * size.columns
        let end = min(start + size.columns, (row + 1) * image.columns)
        var sum = 0.0
        for index in start..<end { sum += values[index] }
        blocks[first + block] += sum
      }
    }
    let reach = (0..<3).reduce(1.0) { $0 * (grid[$1] > 1 ? 2 : 1) }
    let outside = geometry.edges.value * geometry.edges.value
    return max(reach * (blocks.max() ?? 0) / Double(region.count), outside)
  }

  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func squares(_ image: SharedBuffer<Scalar>) -> SharedBuffer<Double> {
    var result = SharedBuffer<Double>(uninitializedCount: image.count)
    var out = result.mutableSpan
    let pixels = image.span
    for index in pixels.indices {
      let value = Double(pixels[index])
      out[index] = value.isFinite ? value * value : 0
    }
    return result
  }

  private static func below(_ limit: Double, _ energies: SharedBuffer<Double>) -> [Int] {
    let values = energies.span
    var places: [Int] = []
    for index in values.indices where values[index] < limit { places.append(index) }
    return places
  }
}
