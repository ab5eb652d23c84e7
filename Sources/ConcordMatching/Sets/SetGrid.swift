import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// The places of the templates of a set, laid over each other by their centres.
struct SetGrid: Sendable {
  /// Where in the scene the centre of a template lies for the first element.
  let origin: Extents
  let extents: Extents
  /// The axis along which strips follow each other, and how long they are.
  let axis: Int
  let length: Int

  init<let rank: Int, Scalar: RealScalar>(_ groups: [TemplateGroup<rank, Scalar>], length: Int) {
    let centres = groups.map { $0.firstCentre }
    let outputs = groups.map { $0.geometry.output }
    let origin = Extents { axis in centres.reduce(Int.max) { min($0, $1[axis]) } }
    extents = Extents { axis in
      zip(centres, outputs).reduce(0) { max($0, $1.0[axis] + $1.1[axis] - origin[axis]) }
    }
    self.origin = origin
    axis = groups[0].parts.axis
    self.length = length
  }

  /// The ranges along the axis that come one after the other.
  var strips: [Range<Int>] { .strips(of: extents[axis], length: length) }

  /// Where a group's first score lies.
  func place<let rank: Int, Scalar: RealScalar>(
    of group: TemplateGroup<rank, Scalar>
  ) -> Extents {
    let centre = group.firstCentre
    return Extents { centre[$0] - origin[$0] }
  }

  /// Elements of one place along the axis.
  var slice: Int { (axis + 1..<3).reduce(1) { $0 * extents[$1] } }
}
