import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// Parts of a scene, all of one length, whose scores make up a map that is too large to be held.
///
/// A part is a range of the outermost axis that a scene has, so its elements lie one after the other. It is
/// matched as a scene of its own; of its scores those count whose windows see nothing of where it
/// was cut.
struct SceneParts: Sendable {
  let geometry: ConvolutionGeometry
  /// The axis that is cut: the first along which the scene has more than one element.
  let axis: Int
  /// How much of the scene a part has along that axis.
  let length: Int

  /// Parts that give at least so many scores along the axis, or the whole scene.
  init(_ geometry: ConvolutionGeometry, outputs: Int) {
    self.geometry = geometry
    axis = Self.axis(of: geometry.image)
    let (extent, kernel) = (geometry.image[axis], geometry.kernel[axis])
    // A template that reaches past an edge may see as much of the scene mirrored there.
    length = min(extent, max(2 * kernel, outputs + kernel - 1))
  }

  static func axis(of scene: Extents) -> Int { (0..<3).first { scene[$0] > 1 } ?? 2 }

  /// Whether one part is all there is.
  var isWhole: Bool { length == geometry.image[axis] }

  /// The most scores along the axis that a part is sure to give.
  var capacity: Int { isWhole ? geometry.output[axis] : length - geometry.kernel[axis] + 1 }

  /// The scores in all of the map, or in so many along the axis.
  func count(of outputs: Int) -> Int { outputs * slice }

  /// Scores of one place along the axis.
  var slice: Int { (axis + 1..<3).reduce(1) { $0 * geometry.output[$1] } }

  /// The part for some scores, and which of its own scores is the first of them.
  ///
  /// Where a scene goes on by wrapping round, the range may reach beyond its ends.
  func part(of outputs: Range<Int>) -> (range: Range<Int>, first: Int) {
    precondition(outputs.count <= capacity, "A part gives no more scores")
    let extent = geometry.image[axis]
    if isWhole { return (0..<extent, outputs.lowerBound) }
    var start = outputs.lowerBound + geometry.offset[axis]
    if geometry.edges.rule != .wrap { start = min(max(0, start), extent - length) }
    return (start..<start + length, outputs.lowerBound - start)
  }
}

extension NDArray where Scalar: RealScalar {
  /// A range of an axis before which all others have one element.
  ///
  /// What lies inside is shared. The range may reach beyond both ends of an array that wraps round.
  func part(_ range: Range<Int>, along axis: Int) -> NDArray {
    var extents = shape.threeAxes
    let extent = extents[axis]
    if range == 0..<extent { return self }
    let slice = (axis + 1..<3).reduce(1) { $0 * extents[$1] }
    extents[axis] = range.count
    let part = Shape<rank>(threeAxes: extents)
    if range.lowerBound >= 0 && range.upperBound <= extent {
      let elements = range.lowerBound * slice..<range.upperBound * slice
      return NDArray(shape: part, buffer: buffer.part(elements))
    }
    var joined = SharedBuffer<Scalar>(uninitializedCount: range.count * slice)
    var place = range.lowerBound
    while place < range.upperBound {
      let start = (place % extent + extent) % extent
      let count = Swift.min(extent - start, range.upperBound - place)
      joined.copyElements(
        start * slice..<(start + count) * slice, of: buffer,
        to: (place - range.lowerBound) * slice)
      place += count
    }
    return NDArray(shape: part, buffer: joined)
  }
}

extension Range<Int> {
  /// The range with so much more at both ends, as far as there is any.
  func widened(by margin: Int, within count: Int) -> Range<Int> {
    Swift.max(0, lowerBound - margin)..<Swift.min(count, upperBound + margin)
  }
}
