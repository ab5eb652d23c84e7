public import ConcordArrays
import ConcordBackends

extension FileArray {
  /// The elements as real numbers; the luminance if the file holds colour.
  ///
  /// Every stored type that the scalar can hold is converted exactly; wider ones are rounded. Nothing
  /// is copied if the file stores this very type. A table or image of one row or column may be taken
  /// as a signal.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the file has another number of
  ///   dimensions, or complex elements.
  @_specialize(exported:false,kind:partial,where S == Float)
  @_specialize(exported:false,kind:partial,where S == Double)
  public func array<let rank: Int, S: RealScalar>(
    as scalar: S.Type = S.self
  ) throws(ConcordError) -> NDArray<rank, S> {
    let shape: Shape<rank> = try fittingShape()
    guard case .real(let storage) = elements else {
      throw .file(
        path: path, problem: "expected real elements, found \(elementType.rawValue)")
    }
    if channels < 3 {
      return NDArray(
        shape: shape, buffer: converted(storage, range: 0..<count, to: S.self))
    }
    let red = converted(storage, range: 0..<count, to: S.self)
    let green = converted(storage, range: count..<(2 * count), to: S.self)
    let blue = converted(storage, range: (2 * count)..<(3 * count), to: S.self)
    return NDArray(shape: shape, buffer: luminance(red, green, blue))
  }

  /// The elements as a colour image of one to four planes.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the file is no image, or has
  ///   complex elements.
  @_specialize(exported:false,kind:partial,where S == Float)
  @_specialize(exported:false,kind:partial,where S == Double)
  public func color<S: RealScalar>(as scalar: S.Type = S.self) throws(ConcordError) -> ColorImage<S>
  {
    let planes: [Image<S>] = try channelArrays()
    return try ColorImage(planes: planes)
  }

  /// Each channel as an array: one, unless the file holds colour or opacity.
  ///
  /// The channels of a stack of colour images are volumes.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the file has another number of
  ///   dimensions, or complex elements.
  @_specialize(exported:false,kind:partial,where S == Float)
  @_specialize(exported:false,kind:partial,where S == Double)
  public func channelArrays<let rank: Int, S: RealScalar>(
    as scalar: S.Type = S.self
  ) throws(ConcordError) -> [NDArray<rank, S>] {
    let shape: Shape<rank> = try fittingShape()
    guard case .real(let storage) = elements else {
      throw .file(
        path: path, problem: "expected real elements, found \(elementType.rawValue)")
    }
    return (0..<channels).map { channel in
      let range = (channel * count)..<((channel + 1) * count)
      return NDArray(shape: shape, buffer: converted(storage, range: range, to: S.self))
    }
  }

  /// The elements in the type that the file stores, without a copy.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the file stores another type,
  ///   has another number of dimensions, or holds colour.
  public func stored<let rank: Int, Element: ArrayElement>(
    as type: Element.Type = Element.self
  ) throws(ConcordError) -> NDArray<rank, Element> {
    let shape: Shape<rank> = try fittingShape()
    guard let buffer = elements.buffer(of: Element.self), channels == 1 else {
      throw .file(
        path: path,
        problem: "expected one channel of \(Element.self), found \(channels) of "
          + elementType.rawValue)
    }
    return NDArray(shape: shape, buffer: buffer)
  }

  /// The shape as that of an array with `rank` axes.
  func fittingShape<let rank: Int>() throws(ConcordError) -> Shape<rank> {
    if let exact = Shape<rank>(components: shape) { return exact }
    if rank == 1 && shape.filter({ $0 != 1 }).count <= 1 { return Shape { _ in count } }
    throw .file(
      path: path,
      problem: "expected \(rank) dimension\(rank == 1 ? "" : "s"), found \(shape.count) "
        + "(\(shape.map(String.init).joined(separator: " × ")))")
  }
}

/// 0.299 R + 0.587 G + 0.114 B, as ``ConcordArrays/ColorImage/luminance`` computes it.
@_specialize(exported:false,where S == Float)
@_specialize(exported:false,where S == Double)
private func luminance<S: RealScalar>(
  _ red: SharedBuffer<S>, _ green: SharedBuffer<S>, _ blue: SharedBuffer<S>
) -> SharedBuffer<S> {
  var result = SharedBuffer<S>(uninitializedCount: red.count)
  var out = result.mutableSpan
  let r = red.span
  let g = green.span
  let b = blue.span
  for index in out.indices {
    let warm = S(0.299) * r[index] + S(0.587) * g[index]
    out[index] = warm + S(0.114) * b[index]
  }
  return result
}
