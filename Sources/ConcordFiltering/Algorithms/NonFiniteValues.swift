import ConcordArrays
import ConcordBackends

/// Puts NaN and infinity where the sums that define a result would have them.
///
/// Transforms, which would spread them over all they hold, see zeros in their place. Afterwards
/// outputs whose windows hold one are overwritten, block by block: nothing as large as an image is
/// kept, and rows without such values are looked at once.
struct NonFiniteValues<Scalar: RealScalar>: Sendable {
  /// An image that windows slide over; sums are over all channels.
  struct Channel: Sendable {
    let pixels: SharedBuffer<Scalar>
    let edges: Extension
  }

  private let channels: [Channel]
  private let geometry: ConvolutionGeometry
  /// Outputs are so far apart.
  private let stride: Extents
  private let output: Extents
  private let threads: Int
  /// For each row of each channel, whether it holds NaN or infinity.
  private let isTouched: [SharedBuffer<Bool>]

  /// Nil where every value, the constants beyond the edges included, is finite.
  init?(
    _ channels: [Channel], geometry: ConvolutionGeometry, stride: Extents = Extents(1, 1, 1),
    threads: Int
  ) {
    isTouched = channels.map {
      Self.touchedRows(of: $0.pixels, geometry.image, threads: threads)
    }
    let areConstantsFinite = channels.allSatisfy { Scalar($0.edges.value).isFinite }
    guard !areConstantsFinite || isTouched.contains(where: { Self.holdsTrue($0) }) else {
      return nil
    }
    self.channels = channels
    self.geometry = geometry
    self.stride = stride
    self.threads = threads
    output = Extents { (geometry.output[$0] + stride[$0] - 1) / stride[$0] }
  }

  /// Overwrites every output whose windows hold NaN or infinity with what its sum gives.
  ///
  /// The result begins at `start`; weights follow each other channel by channel.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func restore(
    in out: inout SharedBuffer<Scalar>, from start: Int = 0, weights: SharedBuffer<Scalar>
  ) {
    precondition(weights.count == channels.count * geometry.kernel.count)
    let isLine = output.planes * output.rows == 1
    let blocks = DirectTiles.cut(
      output, rows: max(16, geometry.kernel.rows / stride.rows),
      columns: isLine ? max(1 << 14, geometry.kernel.columns) : output.columns)
    let ranges = blocks.map { (start + $0.range.lowerBound)..<(start + $0.range.upperBound) }
    fillRanges(ranges, of: &out, threads: threads) {
    } body: { index, out, _ in
      restore(blocks[index], weights, in: &out)
    }
  }

  private func restore(
    _ block: DirectTiles.Tile, _ weights: SharedBuffer<Scalar>, in out: inout MutableSpan<Scalar>
  ) {
    let columns = block.count.columns
    var marks = TouchMarks(columns: columns)
    // The marks of each row that windows of the block reach, plane by plane of each channel.
    let reach = (block.count.rows - 1) * stride.rows + geometry.kernel.rows
    var slots: [Int] = []
    for channel in channels.indices {
      for plane in 0..<geometry.kernel.planes {
        for row in 0..<reach {
          let place = (
            line(channels[channel], 0, block.start.planes * stride.planes + plane),
            line(channels[channel], 1, block.start.rows * stride.rows + row)
          )
          slots.append(mark(channel, place, columns: block, in: &marks))
        }
      }
    }
    guard marks.count > 0 else { return }
    for index in 0..<block.count.rows {
      marks.clear()
      for part in 0..<(channels.count * geometry.kernel.planes) {
        let first = part * reach + index * stride.rows
        for row in first..<(first + geometry.kernel.rows) where slots[row] >= 0 {
          marks.unite(slots[row])
        }
      }
      let row = Extents(block.start.planes, block.start.rows + index, block.start.columns)
      marks.forEach { column, isNaN in
        var place = row
        place.columns += column
        out[index * columns + column] = isNaN ? .nan : infinitePart(at: place, weights)
      }
    }
  }

  /// Where an extended row is in the image; nil beyond an edge that has a constant.
  private func line(_ channel: Channel, _ axis: Int, _ index: Int) -> Int? {
    channel.edges.index(index + geometry.offset[axis], extent: geometry.image[axis])
  }

  /// Marks the outputs of a block's columns whose windows hold a value of a row that isn't finite.
  ///
  /// - Returns: Where the marks are; -1 if there is no such value.
  private func mark(
    _ channel: Int, _ place: (plane: Int?, row: Int?), columns block: DirectTiles.Tile,
    in marks: inout TouchMarks
  ) -> Int {
    let (image, edges) = (geometry.image, channels[channel].edges)
    let constant = Scalar(edges.value)
    var start: Int?
    if let plane = place.plane, let row = place.row {
      let line = plane * image.rows + row
      guard isTouched[channel][line] || !constant.isFinite else { return -1 }
      start = line * image.columns
    } else if constant.isFinite {
      return -1
    }
    let slot = marks.add()
    let source = channels[channel].pixels
    let pixels = source.span
    let (taps, step) = (geometry.kernel.columns, stride.columns)
    var (lastNaN, lastInfinity, next) = (-1, -1, block.start.columns * step)
    for column in 0..<block.count.columns {
      let first = (block.start.columns + column) * step
      next = max(next, first)
      while next < first + taps {
        var value = constant
        if let start {
          let index = next + geometry.offset.columns
          if index >= 0 && index < image.columns {
            value = pixels[start + index]
          } else if let other = edges.index(index, extent: image.columns) {
            value = pixels[start + other]
          }
        }
        if !value.isFinite {
          if value.isNaN { lastNaN = next } else { lastInfinity = next }
        }
        next += 1
      }
      if lastNaN >= first { marks.setNaN(slot, column) }
      if lastInfinity >= first { marks.setInfinity(slot, column) }
    }
    return slot
  }

  /// The sum of the infinite terms of one output, which no finite term can change.
  private func infinitePart(at place: Extents, _ weights: SharedBuffer<Scalar>) -> Scalar {
    let taps = weights.span
    let (image, kernel) = (geometry.image, geometry.kernel)
    var sum: Scalar = 0
    var next = 0
    for (number, channel) in channels.enumerated() {
      let source = channel.pixels
      let pixels = source.span
      let constant = Scalar(channel.edges.value)
      for plane in 0..<kernel.planes {
        let fromPlane = line(channel, 0, place.planes * stride.planes + plane)
        for row in 0..<kernel.rows {
          defer { next += kernel.columns }
          let fromRow = line(channel, 1, place.rows * stride.rows + row)
          var start: Int?
          if let fromPlane, let fromRow { start = fromPlane * image.rows + fromRow }
          guard !constant.isFinite || (start.map { isTouched[number][$0] } ?? false) else {
            continue
          }
          for column in 0..<kernel.columns {
            var value = constant
            let index = place.columns * stride.columns + column + geometry.offset.columns
            if let start, let other = channel.edges.index(index, extent: image.columns) {
              value = pixels[start * image.columns + other]
            }
            if value.isInfinite { sum += value * taps[next + column] }
          }
        }
      }
    }
    return sum
  }

  /// For each row, whether it holds a value that isn't finite.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private static func touchedRows(
    of pixels: SharedBuffer<Scalar>, _ image: Extents, threads: Int
  ) -> SharedBuffer<Bool> {
    let (rows, columns) = (image.planes * image.rows, image.columns)
    var touched = SharedBuffer<Bool>(uninitializedCount: rows)
    let group = max(1, (1 << 16) / columns)
    let groups = Swift.stride(from: 0, to: rows, by: group).map { $0..<min($0 + group, rows) }
    fillRanges(groups, of: &touched, threads: threads) {
    } body: { index, out, _ in
      let source = pixels.span
      for row in groups[index] {
        let elements = source.extracting((row * columns)..<((row + 1) * columns))
        out[row - groups[index].lowerBound] = !Scalar.allFinite(elements)
      }
    }
    return touched
  }

  private static func holdsTrue(_ values: SharedBuffer<Bool>) -> Bool {
    let values = values.span
    for index in values.indices where values[index] { return true }
    return false
  }
}

/// For some rows of an image, which of an output's columns have NaN, or infinity, of it in their
/// windows: a bit each.
private struct TouchMarks {
  /// Bits for NaN, then those for infinity, row by row; those of the row that is asked for are first.
  private var bits: [UInt64]
  private let words: Int
  private(set) var count = 0

  init(columns: Int) {
    words = (columns + 63) / 64
    bits = [UInt64](repeating: 0, count: 2 * words)
  }

  /// Room for another row's marks.
  mutating func add() -> Int {
    bits.append(contentsOf: repeatElement(0, count: 2 * words))
    count += 1
    return count - 1
  }

  private func first(_ slot: Int) -> Int { 2 * words * (slot + 1) }

  mutating func setNaN(_ slot: Int, _ column: Int) {
    bits[first(slot) + column / 64] |= 1 << UInt64(column % 64)
  }

  mutating func setInfinity(_ slot: Int, _ column: Int) {
    bits[first(slot) + words + column / 64] |= 1 << UInt64(column % 64)
  }

  mutating func clear() {
    for word in 0..<(2 * words) { bits[word] = 0 }
  }

  /// Adds a row's marks to those that were added since all were cleared.
  mutating func unite(_ slot: Int) {
    let from = first(slot)
    for word in 0..<(2 * words) { bits[word] |= bits[from + word] }
  }

  /// Visits the columns that have a mark, and whether NaN is among what they have.
  func forEach(_ body: (Int, Bool) -> Void) {
    for word in 0..<words {
      var rest = bits[word] | bits[words + word]
      while rest != 0 {
        let bit = rest.trailingZeroBitCount
        body(64 * word + bit, bits[word] >> UInt64(bit) & 1 == 1)
        rest &= rest - 1
      }
    }
  }
}
