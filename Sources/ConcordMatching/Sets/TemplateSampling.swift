public import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// How a template is read between its pixels when it is turned or enlarged.
public enum TemplateSampling: String, Hashable, Sendable, CaseIterable {
  /// By the four pixels around, linearly along both axes.
  case linear
  /// By sixteen pixels, with the cubic convolution of Keys (a = -1/2), which keeps quadratics.
  ///
  /// - SeeAlso: R. Keys, *Cubic convolution interpolation for digital image processing* (1981).
  case cubic
}

extension NDArray where rank == 2, Scalar: RealScalar {
  /// This image turned about its centre and enlarged, as far as it fills a rectangle.
  ///
  /// The pixel at a distance *d* from the centre of the result is read at R⁻¹ *d* / scale from the centre of
  /// this image. The result is the largest upright rectangle whose pixels all come from between this
  /// image's outermost ones: nothing beyond its edges is made up. Turned by 45°, a square keeps half of its
  /// area; turned by a multiple of 90° at scale 1, all of its pixels, with their values.
  ///
  /// Below a scale of 1 the image is smoothed first by a Gaussian with σ = (1 / scale - 1) / 2, so that what no pixel of the
  /// result can show isn't mistaken for something else.
  ///
  ///     let larger = try template.resampled(angle: 30, scale: 1.25)
  ///
  /// - Parameters:
  ///   - angle: By how many degrees it is turned, counter-clockwise as images are looked at.
  ///   - scale: How many times it is as large, 0.01...100.
  ///   - sampling: How it is read between pixels.
  /// - Returns: An image of its own extents, whose centre is that of this one.
  /// - Complexity: O(*n*) in the pixels of both.
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` for an angle that isn't finite, a scale outside its
  ///   range, or if the rectangle has fewer than 2 pixels along an axis of this image that has them.
  /// - SeeAlso: `skimage.transform.rotate` and `rescale` with `anti_aliasing=True`, which turn and smooth alike.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func resampled(
    angle: Double, scale: Double = 1, by sampling: TemplateSampling = .cubic
  ) throws(ConcordError) -> Image<Scalar> {
    let turn = try TemplateTurn(
      rows: shape.rows, columns: shape.columns, angle: angle, scale: scale)
    if turn.isNothing { return self }
    var source = self
    if scale < 1 {
      let sigma = (1 / scale - 1) / 2
      source = try gaussianFiltered(
        sigma: [sigma, sigma], options: ConvolutionOptions(mode: .same, boundary: .replicate))
    }
    var result = Image<Scalar>(uninitialized: [turn.rows, turn.columns])
    var out = result.buffer.mutableSpan
    turn.sample(source.buffer.span, by: sampling, into: &out)
    return result
  }
}

extension TemplateSet where rank == 2 {
  /// Prepares templates turned by several angles and enlarged by several factors, all of each with all of the other.
  ///
  ///     let set = try TemplateSet(
  ///       rotations: Array(stride(from: 0, to: 360, by: 10)), scales: [0.8, 1, 1.25], of: [template],
  ///       scene: scene.shape)
  ///
  /// ``variants`` says what each template of the set is: those of the first one come first, all angles of
  /// the first scale before those of the next. Of a template that is turned, the largest upright rectangle is taken:
  /// see ``ConcordArrays/NDArray/resampled(angle:scale:by:)``.
  ///
  /// - Parameters:
  ///   - rotations: Angles in degrees, counter-clockwise as images are looked at.
  ///   - scales: How many times as large templates are made.
  ///   - templates: The templates as they are, at angle 0 and scale 1.
  ///   - scene: The shape of the scenes.
  ///   - options: How templates are looked for.
  ///   - sampling: How templates are read between pixels.
  /// - Throws: The errors of ``init(templates:scene:options:)`` and of
  ///   ``ConcordArrays/NDArray/resampled(angle:scale:by:)``, and ``ConcordError/empty(what:)`` for an empty list.
  public init(
    rotations: [Double], scales: [Double] = [1], of templates: [Image<Scalar>], scene: Shape<2>,
    options: MatchingOptions = MatchingOptions(), sampling: TemplateSampling = .cubic
  ) throws(ConcordError) {
    let variants = try TemplateVariant.all(
      of: templates.count, rotations: rotations, scales: scales)
    var channels: [[Image<Scalar>]] = []
    for variant in variants {
      let source = templates[variant.source]
      channels.append([
        try source.resampled(angle: variant.angle, scale: variant.scale, by: sampling)
      ])
    }
    try self.init(channels: channels, variants: variants, scene: scene, options: options)
  }
}
