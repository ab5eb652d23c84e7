/// A filter along every axis that lowers the rate first, filters, and raises it again.
///
/// Every pass reads and writes whole lines of memory; all but the first and the last work on a
/// fraction of the image. What is beyond the edges follows the rule of an ``Extension``.
package struct MultirateFilter<Scalar: BackendScalar>: Sendable {
  package let axes: [MultirateAxis]
  private let low: SeparableTiles<Scalar>

  package init(axes: [MultirateAxis]) {
    precondition(axes.count == 3)
    self.axes = axes
    low = SeparableTiles(
      terms: [axes.map { SharedBuffer($0.filter.map { Scalar($0) }) }],
      output: Extents { axes[$0].filtered })
  }

  /// Bytes that it works in.
  package var bytes: Int {
    var extents = Extents { axes[$0].extent }
    var largest = 0
    var last = 0
    for axis in 0..<3 where changes(axis) {
      extents = extents.replacing(axis, by: axes[axis].decimated)
      largest = max(largest, last + extents.count)
      last = extents.count
    }
    let filtered = Extents { axes[$0].filtered }.count
    return (max(largest, last + filtered) + filtered * (axes[2].factor + 1))
      * MemoryLayout<Scalar>.stride
  }

  /// The multiply-adds of all passes, and the elements that they write.
  package var work: (multiplyAdds: Double, elements: Double) {
    var (multiplyAdds, elements) = low.cut.work
    var extents = Extents { axes[$0].extent }
    for axis in 0..<3 where changes(axis) {
      extents = extents.replacing(axis, by: axes[axis].decimated)
      multiplyAdds += Double(extents.count * axes[axis].decimation.count)
      // What is read counts where it is more.
      elements += Double(extents.count * axes[axis].factor)
    }
    extents = low.cut.output
    for axis in [2, 1, 0] where !axes[axis].isWhole {
      extents = extents.replacing(axis, by: axes[axis].extent)
      multiplyAdds += Double(extents.count * axes[axis].phases[0].count)
      elements += Double(extents.count)
    }
    return (multiplyAdds, elements)
  }

  /// Filters an image.
  ///
  /// - Returns: Whether every output is finite.
  package func run(
    _ image: SharedBuffer<Scalar>, edges: Extension, threads: Int,
    into out: inout SharedBuffer<Scalar>
  ) -> Bool {
    var extents = Extents { axes[$0].extent }
    precondition(image.count >= extents.count && out.count >= extents.count)
    var current = image
    for axis in 0..<3 where changes(axis) {
      let decimator = MultirateDecimator<Scalar>(
        axis: axes[axis], extents: extents, index: axis, edges: edges)
      current = decimator.run(current, threads: threads)
      extents = decimator.output
    }
    var filtered = Self.padded(low.cut.output.count)
    _ = low.correlate(
      current, extents: extents, offset: Extents(0, 0, 0), edges: Extension(.constant), shift: 0,
      threads: threads, into: &filtered)
    current = filtered
    extents = low.cut.output
    let raised = [2, 1, 0].filter { !axes[$0].isWhole }
    var isFinite = true
    for axis in raised {
      let interpolator = MultirateInterpolator<Scalar>(
        axis: axes[axis], extents: extents, index: axis)
      extents = interpolator.output
      if axis == raised.last {
        isFinite = interpolator.run(current, isLast: true, threads: threads, into: &out)
      } else {
        var next = Self.padded(extents.count)
        _ = interpolator.run(current, isLast: false, threads: threads, into: &next)
        current = next
      }
    }
    return isFinite
  }

  /// Whether there is anything to do along an axis before the filter.
  private func changes(_ axis: Int) -> Bool {
    // What is lowered and extended may by chance be as long as it was.
    !axes[axis].isWhole || axes[axis].decimated != axes[axis].extent
  }

  /// Memory that vectors may read a little beyond the end of.
  static func padded(_ count: Int) -> SharedBuffer<Scalar> {
    var buffer = SharedBuffer<Scalar>(uninitializedCount: count + 64)
    (buffer.mutableBase() + count).initialize(repeating: 0, count: 64)
    return buffer
  }
}

extension SeparableCut {
  fileprivate var work: (Double, Double) {
    (Double(output.count) * multiplyAdds, Double(output.count))
  }
}

extension Extents {
  package func replacing(_ axis: Int, by extent: Int) -> Extents {
    Extents { $0 == axis ? extent : self[$0] }
  }
}
