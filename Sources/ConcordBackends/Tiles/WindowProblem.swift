/// Windows over images of equal extents, and what is computed of each.
///
///     out[p] = formula of F[p + t + offset] for t in 0 ..< window
///
/// F goes on beyond its edges by a rule, unless windows shrink to what is inside.
package struct WindowProblem: Sendable {
  package let image: Extents
  package let window: Extents
  package let output: Extents
  package let offset: Extents
  package let edges: Extension
  package let shrinks: Bool
  package let formula: WindowFormula
  /// Elements that windows of each output row and column hold, where they shrink; along all axes.
  let counts: [SharedBuffer<Double>]

  package init(
    image: Extents, window: Extents, output: Extents, offset: Extents, edges: Extension,
    shrinks: Bool, formula: WindowFormula
  ) {
    self.image = image
    self.window = window
    self.output = output
    self.offset = offset
    self.edges = edges
    self.shrinks = shrinks
    self.formula = formula
    counts =
      !shrinks
      ? []
      : (0..<3).map { axis in
        SharedBuffer(
          (0..<output[axis]).map { index in
            let start = index + offset[axis]
            return Double(max(0, min(start + window[axis], image[axis]) - max(start, 0)))
          })
      }
  }

  /// Whether the image is a single line, along which windows lie.
  var isLine: Bool { image.planes * image.rows * window.planes * window.rows == 1 }

  /// The outputs along an axis whose windows lie inside the image.
  func whole(_ axis: Int) -> Range<Int> {
    let low = min(output[axis], max(0, -offset[axis]))
    let high = min(output[axis], image[axis] - window[axis] - offset[axis] + 1)
    return low..<max(low, high)
  }
}
