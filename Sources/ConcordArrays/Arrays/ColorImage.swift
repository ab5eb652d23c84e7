/// An image of several planes, one for each channel: grey, grey and alpha, RGB or RGBA.
///
/// Filters work plane by plane. Measures and matching take the ``luminance``.
public struct ColorImage<Scalar: ArrayElement>: Sendable, Equatable {
  /// The extents of every plane.
  public let shape: Shape<2>

  /// The planes: 1 grey, 2 grey and alpha, 3 red, green and blue, 4 with alpha.
  public let planes: [Image<Scalar>]

  /// An image of one to four planes.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the planes differ in shape, and
  ///   ``ConcordError/outOfRange(what:found:allowed:)`` unless there are one to four.
  public init(planes: [Image<Scalar>]) throws(ConcordError) {
    guard (1...4).contains(planes.count) else {
      throw .outOfRange(what: "channels", found: Double(planes.count), allowed: "1 to 4")
    }
    shape = planes[0].shape
    for plane in planes where plane.shape != shape {
      throw .shapesDiffer(expected: shape.components, found: plane.shape.components)
    }
    self.planes = planes
  }

  /// How many planes there are.
  public var channels: Int { planes.count }

  /// Whether the last plane is opacity.
  public var hasAlpha: Bool { channels == 2 || channels == 4 }

  /// Applies a transformation to each plane.
  ///
  /// - Throws: What `transform` throws, or an error if its results differ in shape.
  public func mapPlanes<Result: ArrayElement>(
    _ transform: (Image<Scalar>) throws(ConcordError) -> Image<Result>
  ) throws(ConcordError) -> ColorImage<Result> {
    var results: [Image<Result>] = []
    for plane in planes { results.append(try transform(plane)) }
    return try ColorImage<Result>(planes: results)
  }
}

extension ColorImage where Scalar: RealScalar {
  /// The perceived brightness: 0.299 R + 0.587 G + 0.114 B, or the grey plane itself.
  ///
  /// The weights are those of ITU-R BT.601, as in OpenCV, Pillow and MATLAB. Opacity is left out.
  public var luminance: Image<Scalar> {
    guard channels >= 3 else { return planes[0] }
    var result = Image<Scalar>(uninitialized: shape)
    var out = result.mutableSpan
    weigh(planes[0].span, planes[1].span, planes[2].span, into: &out)
    return result
  }
}

/// Generic over the scalar alone, so that it is specialised.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func weigh<Scalar: RealScalar>(
  _ red: Span<Scalar>, _ green: Span<Scalar>, _ blue: Span<Scalar>,
  into out: inout MutableSpan<Scalar>
) {
  for index in out.indices {
    let warm = Scalar(0.299) * red[index] + Scalar(0.587) * green[index]
    out[index] = warm + Scalar(0.114) * blue[index]
  }
}
