public import ConcordArrays
import ConcordBackends

extension NDArray where Scalar: RealScalar {
  /// Embeds a kernel in a larger array of zeros with its centre at the origin.
  ///
  /// Elements before the centre wrap round to the far end of each axis. The product of the
  /// transform of this array with that of an image is a circular convolution that translates
  /// nothing. Elements of a kernel larger than the shape add up where they meet.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` if the shape has no elements.
  /// - SeeAlso: MATLAB's `psf2otf`, which transforms such an array.
  public func wrappedRoundOrigin(
    in shape: Shape<rank>, anchor: KernelAnchor = .scipy
  ) throws(ConcordError) -> NDArray {
    guard shape.count > 0 else { throw .empty(what: "the shape to wrap into") }
    var options = ConvolutionOptions(mode: .same, boundary: .wrap)
    options.anchor = anchor
    let geometry = try ConvolutionGeometry(
      image: shape.components, kernel: self.shape.components, operation: .convolution,
      options: options)
    var result = NDArray(shape: shape, repeating: 0)
    var position = Position<rank> { _ in 0 }
    for _ in 0..<count {
      let target = Position<rank> { axis in
        // The convolution's first output lies `centre` after the full one's.
        let centre = geometry.offset[axis + 3 - rank] + self.shape[axis] - 1
        let index = (position[axis] - centre) % shape[axis]
        return index < 0 ? index + shape[axis] : index
      }
      result[target] += self[position]
      position.advance(in: self.shape)
    }
    return result
  }
}
