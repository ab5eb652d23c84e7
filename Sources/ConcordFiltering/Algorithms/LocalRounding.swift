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

  /// The bytes that finding the places takes: a mark for each output, the list, and window sums.
  static func bytes(_ geometry: ConvolutionGeometry, threads: Int) -> Int {
    let output = geometry.output.count
    let list = Int(manyOutputs * Double(output)) * MemoryLayout<Int>.stride
    let sums = WindowSums(geometry: geometry, squares: true).bytes(
      of: Scalar.self, threads: threads)
    let direct = DirectTiles(for: geometry).scratchCount * threads * MemoryLayout<Scalar>.stride
    return output + list + max(sums, direct)
  }

  /// Makes anew what was lost; the imaginary part of an image goes on with zeros.
  func restore(
    _ out: inout SharedBuffer<Scalar>, of image: SharedBuffer<Scalar>, asImaginaryPart: Bool
  ) {
    var geometry = geometry
    if asImaginaryPart { geometry.edges.value = 0 }
    let limit = largestMeanSquare(of: image, geometry.edges) * tolerance
    guard limit > 0 else { return }
    // Squares beyond the scalar's range can't be compared.
    let places = limit.isFinite ? weakWindows(of: image, geometry, below: limit) : nil
    guard let places else {
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

  /// Where the energy of windows is below a limit; nil if in so many places that all may as well be
  /// summed directly.
  private func weakWindows(
    of image: SharedBuffer<Scalar>, _ geometry: ConvolutionGeometry, below limit: Double
  ) -> [Int]? {
    var isWeak = SharedBuffer<UInt8>(uninitializedCount: geometry.output.count)
    WindowSums(geometry: geometry, squares: true).run(image, threads: threads, into: &isWeak) {
      part, out in
      let energies = part.squares
      for index in out.indices { out[index] = energies[index] < limit ? 1 : 0 }
    }
    let flags = isWeak.span
    let most = Int(Self.manyOutputs * Double(flags.count))
    var places: [Int] = []
    places.reserveCapacity(most)
    for index in flags.indices where flags[index] != 0 {
      if places.count == most { return nil }
      places.append(index)
    }
    return places
  }

  /// The mean square of the strongest region there could be: regions of any place reach into at most
  /// two blocks along each axis.
  private func largestMeanSquare(of image: SharedBuffer<Scalar>, _ edges: Extension) -> Double {
    let size = Extents { min(region[$0], geometry.image[$0]) }
    let grid = Extents { geometry.image[$0].parts(of: size[$0]) }
    let strongest = Self.largestEnergy(
      of: image, geometry.image, blocks: size, grid: grid, threads: threads)
    let reach = (0..<3).reduce(1.0) { $0 * (grid[$1] > 1 ? 2 : 1) }
    return max(reach * strongest / Double(region.count), edges.value * edges.value)
  }

  /// The largest sum of squares of a block of the image; elements that aren't finite have none.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func largestEnergy(
    of buffer: SharedBuffer<Scalar>, _ image: Extents, blocks size: Extents, grid: Extents,
    threads: Int
  ) -> Double {
    var blocks = SharedBuffer<Double>(repeating: 0, count: grid.count)
    // A line of blocks is a task.
    let lines = (0..<(grid.planes * grid.rows)).map { $0 * grid.columns..<($0 + 1) * grid.columns }
    fillRanges(lines, of: &blocks, threads: threads) {
    } body: { line, out, _ in
      let pixels = buffer.span
      let (plane, row) = (line / grid.rows * size.planes, line % grid.rows * size.rows)
      for i in plane..<min(plane + size.planes, image.planes) {
        for j in row..<min(row + size.rows, image.rows) {
          for block in 0..<grid.columns {
            let first = (i * image.rows + j) * image.columns
            let start = first + block * size.columns
            let end = min(start + size.columns, first + image.columns)
            var sum = 0.0
            for index in start..<end {
              let value = Double(pixels[index])
              sum += value.isFinite ? value * value : 0
            }
            out[block] += sum
          }
        }
      }
    }
    return (0..<blocks.count).reduce(0) { max($0, blocks[$1]) }
  }
}
