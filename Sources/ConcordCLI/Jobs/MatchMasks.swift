import Concord
import ConcordFiles

/// The masks of a scene and a template, read.
struct MatchMasks {
  var template: FileArray?
  var scene: FileArray?
  var nan = NaNTreatment.spread

  /// Whether anything may not count.
  var isUsed: Bool { template != nil || scene != nil || nan == .asMask }

  /// The weights of a template; nil where all of it counts.
  func templateWeights<let rank: Int, S: RealScalar>(
    _ shape: Shape<rank>
  ) throws(ConcordError) -> NDArray<rank, S>? {
    try template.map { (file) throws(ConcordError) in
      try Self.weights(of: file, shape, "the template")
    }
  }

  /// The weights of a scene; nil where all of it counts.
  func sceneWeights<let rank: Int, S: RealScalar>(
    _ shape: Shape<rank>
  ) throws(ConcordError) -> NDArray<rank, S>? {
    try scene.map { (file) throws(ConcordError) in
      try Self.weights(of: file, shape, "the scene")
    }
  }

  private static func weights<let rank: Int, S: RealScalar>(
    of file: FileArray, _ shape: Shape<rank>, _ whose: String
  ) throws(ConcordError) -> NDArray<rank, S> {
    // A template of two axes that is looked for in every image of a stack is one plane.
    let extents = Array(repeating: 1, count: max(0, rank - file.rank)) + file.shape
    guard extents == shape.components else {
      throw .file(
        path: file.path,
        problem: "expected a mask of \(Format.extents(shape.components)) as \(whose) has, found "
          + Format.extents(file.shape))
    }
    let values: NDArray<rank, S> = try flattened(file).reshaped(to: shape)
    if !file.elementType.isFloatingPoint { return values.map { $0 == 0 ? 0 : 1 } }
    for value in values.elements where !(value >= 0 && value <= 1) {
      throw .file(path: file.path, problem: "expected weights from 0 to 1, found \(value)")
    }
    return values
  }

  /// The elements of a file of any number of axes.
  private static func flattened<S: RealScalar>(
    _ file: FileArray
  ) throws(ConcordError) -> Signal<S> {
    switch file.rank {
    case 1: return try file.array()
    case 2:
      let image: Image<S> = try file.array()
      return try image.reshaped(to: [image.count])
    default:
      let volume: Volume<S> = try file.array()
      return try volume.reshaped(to: [volume.count])
    }
  }
}

extension ElementType {
  /// Whether the elements are floats.
  fileprivate var isFloatingPoint: Bool {
    self == .float16 || self == .float32 || self == .float64
  }
}
