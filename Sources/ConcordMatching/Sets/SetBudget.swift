import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// Which templates are looked for together, and in strips of what length.
struct SetBudget {
  /// The numbers of the templates of each group, which are of one shape.
  private(set) var groups: [[Int]] = []
  /// The length of strips of the common map along its outermost axis.
  let length: Int

  /// What a place of a strip takes besides its scores in maps: the best one and its template, and the
  /// centred scene.
  private static let others = 12

  /// Shares so many bytes out to what is held of a strip.
  ///
  /// A strip is at least two templates long, or most of the scene would be looked at twice and more; if it is
  /// too large for the maps of 16 templates, groups are smaller.
  ///
  /// - Parameters:
  ///   - shapes: Those of the templates.
  ///   - scene: The extents of the scene.
  ///   - bytes: What may be held.
  ///   - stride: The bytes of a score.
  ///   - extent: Where templates are looked for.
  init(
    _ shapes: [Extents], scene: Extents, bytes: Int, stride: Int, _ extent: ConvolutionMode
  ) {
    let axis = SceneParts.axis(of: scene)
    let highest = shapes.reduce(1) { max($0, $1[axis]) }
    // The largest map is that of the smallest template, or under 'full' of the largest.
    let slice = (axis + 1..<3).reduce(1) { product, other in
      let reach = extent == .full ? shapes.reduce(1) { max($0, $1[other]) } - 1 : 0
      return product * (scene[other] + reach)
    }
    let most = scene[axis] + (extent == .full ? highest - 1 : 0)
    let wanted = bytes / max(1, slice * (Self.others + 16 * stride))
    length = min(most, max(1, wanted, 2 * highest))
    let room = bytes / max(1, slice * length) - Self.others
    let size = min(16, max(1, room / stride))
    var numbers: [Extents: [Int]] = [:]
    var order: [Extents] = []
    for (number, shape) in shapes.enumerated() {
      if numbers[shape] == nil { order.append(shape) }
      numbers[shape, default: []].append(number)
    }
    for shape in order {
      let all = numbers[shape] ?? []
      // Groups of about one size.
      let part = all.count.parts(of: all.count.parts(of: size))
      for start in Swift.stride(from: 0, to: all.count, by: part) {
        groups.append(Array(all[start..<min(start + part, all.count)]))
      }
    }
  }
}
