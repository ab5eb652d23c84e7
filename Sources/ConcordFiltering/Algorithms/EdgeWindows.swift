import ConcordArrays
import ConcordBackends

/// Which taps of windows meet the image along one axis: all of them, but near its ends.
package struct EdgeWindows: Sendable {
  /// The taps inside, each range once, in the order of the outputs that have it.
  package let ranges: [Range<Int>]
  /// For each output, which of the ranges it has.
  package let index: [Int]
  /// The outputs whose windows are inside; empty, at the end, if there are none.
  package let complete: Range<Int>

  package init(_ geometry: ConvolutionGeometry, axis: Int, stride: Int = 1) {
    let (taps, image) = (geometry.kernel[axis], geometry.image[axis])
    var ranges: [Range<Int>] = []
    var index: [Int] = []
    for output in Swift.stride(from: 0, to: geometry.output[axis], by: stride) {
      let start = output + geometry.offset[axis]
      let low = min(max(0, -start), taps)
      let inside = low..<max(low, min(taps, image - start))
      if ranges.last != inside { ranges.append(inside) }
      index.append(ranges.count - 1)
    }
    let count = index.count
    let first = index.firstIndex { ranges[$0].count == taps } ?? count
    let last = index.lastIndex { ranges[$0].count == taps } ?? count - 1
    self.ranges = ranges
    self.index = index
    complete = first..<(last + 1)
  }

  /// The taps inside for an output.
  package subscript(output: Int) -> Range<Int> { ranges[index[output]] }
}
