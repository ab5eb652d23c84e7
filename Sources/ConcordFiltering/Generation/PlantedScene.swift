public import ConcordArrays

/// A textured scene in which a template stands at a known place.
///
/// The template has a texture of its own. The scene is seen through a gain, an offset and noise:
///
///     scene = gain · (texture with the template in it) + offset + noise · normal
///
/// while the template is kept as it was: a search has to see through brightness and contrast.
public struct PlantedScene: Hashable, Sendable {
  /// The extents of the template.
  public var template: Shape<2>
  /// Where the template's first pixel stands in the scene; nil to let the seed choose.
  public var position: Position<2>?
  /// What the scene is multiplied with.
  public var gain = 1.0
  /// What is added to the scene.
  public var offset = 0.0
  /// The standard deviation of the noise.
  public var noise = 0.0
  /// What textures, noise and place are made from.
  public var seed: UInt64 = 0

  /// A scene for a template of some extents.
  public init(template: Shape<2>) {
    self.template = template
  }

  /// A scene, the template in it, and the truth.
  public struct Result<Scalar: RealScalar>: Sendable {
    /// The scene as it is seen.
    public let scene: Image<Scalar>
    /// The template as it is known.
    public let template: Image<Scalar>
    /// Where the template's first pixel stands in the scene.
    public let position: Position<2>
  }

  /// Makes a scene of some extents.
  ///
  /// - Throws: ``ConcordError/exceeds(what:extents:limit:)`` if the template is larger than the
  ///   scene, ``ConcordError/outside(region:shape:)`` if its place reaches outside,
  ///   ``ConcordError/outOfRange(what:found:allowed:)`` for a gain or noise that is not finite.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func made<Scalar: RealScalar>(
    _ shape: Shape<2>
  ) throws(ConcordError) -> Result<Scalar> {
    try check()
    for axis in 0..<2 where template[axis] > shape[axis] {
      throw .exceeds(
        what: "the template", extents: template.components, limit: shape.components)
    }
    let random = LatticeNoise(seed: seed &+ 2)
    let position =
      self.position
      ?? Position { axis in
        Int(random.number(axis) * Double(shape[axis] - template[axis] + 1))
      }
    let pattern: Image<Double> = try Speckle(sigma: 1.2, seed: seed &+ 1).image(template)
    var scene: Image<Double> = try Speckle(sigma: 3, seed: seed).image(shape)
    let region = (0..<2).map { position[$0]..<(position[$0] + template[$0]) }
    _ = try scene.view(region[0], region[1])
    var out = scene.mutableSpan
    let source = pattern.span
    for row in 0..<template.rows {
      let line = (position.row + row) * shape.columns + position.column
      for column in 0..<template.columns {
        out[line + column] = source[row * template.columns + column]
      }
    }
    let grain = LatticeNoise(seed: seed &+ 3)
    for index in out.indices {
      let disturbed = noise > 0 ? offset + noise * grain.normal(index) : offset
      out[index] = gain * out[index] + disturbed
    }
    return Result(
      scene: scene.converted(to: Scalar.self), template: pattern.converted(to: Scalar.self),
      position: position)
  }

  private func check() throws(ConcordError) {
    for (what, value) in [("gain", gain), ("offset", offset), ("noise", noise)]
    where !value.isFinite {
      throw .outOfRange(what: what, found: value, allowed: "a finite number")
    }
    guard noise >= 0 else {
      throw .outOfRange(what: "noise", found: noise, allowed: "at least 0")
    }
    guard gain != 0 else {
      throw .outOfRange(what: "gain", found: gain, allowed: "a number other than 0")
    }
  }
}
