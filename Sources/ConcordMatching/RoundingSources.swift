import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// The mean squares that errors of sums of products come from.
///
/// What is summed term by term rounds relative to its own window. A transform's rounding is spread
/// over all that is transformed together: the scene, or a pair of tiles.
enum RoundingSources: Sendable {
  case window
  case scene(Double)
  case tiles(TileSources)

  init<Scalar: RealScalar>(
    _ strategy: ConvolutionStrategy, geometry: ConvolutionGeometry,
    channels: [SharedBuffer<Scalar>], shifts: [Double], threads: Int
  ) {
    switch strategy {
    case .direct, .separable, .box, .matrix:
      self = .window
    case .fft:
      let energy = zip(channels, shifts).reduce(0.0) {
        $0 + finiteEnergy(of: $1.0.span, about: $1.1)
      }
      self = .scene(energy / Double(channels.count * geometry.image.count))
    case .overlapSave(let layout):
      self = .tiles(
        TileSources(layout, geometry, channels: channels, shifts: shifts, threads: threads))
    }
  }

  /// The mean square at an output, nil for the window's own; lowers `end` to where another one begins.
  func source(_ plane: Int, _ row: Int, _ column: Int, end: inout Int) -> Double? {
    switch self {
    case .window: return nil
    case .scene(let square): return square
    case .tiles(let tiles): return tiles.source(plane, row, column, end: &end)
    }
  }
}

/// The mean square of each pair of tiles of overlap-save, from sums over blocks of the scene.
struct TileSources: Sendable {
  private let kept: Extents
  private let grid: Extents
  private let squares: [Double]

  init<Scalar: RealScalar>(
    _ layout: TileLayout, _ geometry: ConvolutionGeometry, channels: [SharedBuffer<Scalar>],
    shifts: [Double], threads: Int
  ) {
    let tiles = OverlapTiles(
      lengths: layout.extents, kernel: geometry.kernel, output: geometry.output)
    let (kept, grid, reach) = (tiles.kept, tiles.grid, tiles.reach)
    let blocks = SceneBlocks(
      size: kept, image: geometry.image, channels: channels, shifts: shifts, threads: threads)
    let isMirrored = geometry.edges.rule != .constant
    var energies: [Double] = []
    for plane in 0..<grid.planes {
      for row in 0..<grid.rows {
        for column in 0..<grid.columns {
          let place = Extents(plane, row, column)
          let start = Extents { place[$0] * kept[$0] + geometry.offset[$0] }
          energies.append(blocks.energy(start, reach, isMirrored: isMirrored))
        }
      }
    }
    // Two tiles are the two parts of one complex tile.
    let points = Double(reach.count * channels.count)
    squares = energies.indices.map { index in
      let partner = index ^ 1
      return (energies[index] + (partner < energies.count ? energies[partner] : 0)) / points
    }
    self.kept = kept
    self.grid = grid
  }

  func source(_ plane: Int, _ row: Int, _ column: Int, end: inout Int) -> Double {
    let tile = column / kept.columns
    end = min(end, (tile + 1) * kept.columns)
    return squares[
      (plane / kept.planes * grid.rows + row / kept.rows) * grid.columns + tile]
  }
}

/// Sums of squares over the blocks of a scene, of all channels.
private struct SceneBlocks {
  private let size: Extents
  private let image: Extents
  private let grid: Extents
  private var energies: SharedBuffer<Double>
  private var largest = 0.0

  init<Scalar: RealScalar>(
    size: Extents, image: Extents, channels: [SharedBuffer<Scalar>], shifts: [Double], threads: Int
  ) {
    let grid = Extents { image[$0].parts(of: size[$0]) }
    self.size = size
    self.image = image
    self.grid = grid
    var energies = SharedBuffer<Double>(repeating: 0, count: grid.count)
    let lines = (0..<(grid.planes * grid.rows)).map { $0 * grid.columns..<($0 + 1) * grid.columns }
    for (channel, shift) in zip(channels, shifts) {
      fillRanges(lines, of: &energies, threads: threads) {
      } body: { line, out, _ in
        let start = Extents(line / grid.rows * size.planes, line % grid.rows * size.rows, 0)
        addEnergies(of: channel.span, image, from: start, blocks: size, about: shift, to: &out)
      }
    }
    for index in 0..<energies.count { largest = max(largest, energies[index]) }
    self.energies = energies
  }

  /// At least the energy of a box that begins at `start`: that of all blocks that it touches.
  func energy(_ start: Extents, _ count: Extents, isMirrored: Bool) -> Double {
    var ranges: [Range<Int>] = []
    for axis in 0..<3 {
      let (first, end) = (start[axis], start[axis] + count[axis])
      if isMirrored, first < 0 || end > image[axis] {
        // Whatever is seen there, it's no more than so many of the strongest block.
        let blocks = (0..<3).reduce(1) { $0 * ((count[$1] - 1).parts(of: size[$1]) + 1) }
        return Double(blocks) * largest
      }
      let low = min(max(0, first), image[axis]) / size[axis]
      ranges.append(low..<max(low, min(max(0, end), image[axis]).parts(of: size[axis])))
    }
    var sum = 0.0
    for plane in ranges[0] {
      for row in ranges[1] {
        for column in ranges[2] {
          sum += energies[(plane * grid.rows + row) * grid.columns + column]
        }
      }
    }
    return sum
  }
}

/// Adds the energies of a line of blocks, block by block.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func addEnergies<Scalar: RealScalar>(
  of pixels: Span<Scalar>, _ image: Extents, from start: Extents, blocks size: Extents,
  about shift: Double, to out: inout MutableSpan<Double>
) {
  for plane in start.planes..<min(start.planes + size.planes, image.planes) {
    for row in start.rows..<min(start.rows + size.rows, image.rows) {
      let first = (plane * image.rows + row) * image.columns
      for block in out.indices {
        let low = first + block * size.columns
        let high = min(low + size.columns, first + image.columns)
        out[block] += finiteEnergy(of: pixels.extracting(low..<high), about: shift)
      }
    }
  }
}

/// Σ (x - shift)² of the finite elements.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func finiteEnergy<Scalar: RealScalar>(
  of elements: Span<Scalar>, about shift: Double
) -> Double {
  let energy = Scalar.moments(of: elements, shift: shift).sumOfSquares
  if energy.isFinite { return energy }
  var sum = 0.0
  for index in elements.indices where elements[index].isFinite {
    let x = Double(elements[index]) - shift
    sum += x * x
  }
  return sum
}
