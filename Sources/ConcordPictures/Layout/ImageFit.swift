import ConcordArrays

/// The size at which an image is shown, in pixels of the picture.
struct ImageFit: Equatable, Sendable {
  let shape: Shape<2>
  var width: Int
  var height: Int

  /// An image's longer side is enlarged towards this length, by a whole factor.
  static let comfortable = 600
  /// A side that would be shorter is stretched: pixels of very long images are then not square.
  static let shortest = 80

  /// The size of an image that may take at most so many pixels each way.
  ///
  /// An enlarged image may exceed the limits by a fifth, if that allows a larger whole factor.
  init(_ shape: Shape<2>, maxWidth: Int, maxHeight: Int, target: Int = comfortable) {
    self.shape = shape
    let shrink = min(
      Double(maxWidth) / Double(shape.columns), Double(maxHeight) / Double(shape.rows))
    if shrink < 1 {
      width = max(1, Int((Double(shape.columns) * shrink).rounded()))
      height = max(1, Int((Double(shape.rows) * shrink).rounded()))
    } else {
      let longest = Double(max(shape.rows, shape.columns))
      let factor = max(1, min(Int((Double(target) / longest).rounded()), Int(1.2 * shrink)))
      width = shape.columns * factor
      height = shape.rows * factor
    }
    width = ImageFit.stretched(width, shape.columns, limit: maxWidth)
    height = ImageFit.stretched(height, shape.rows, limit: maxHeight)
  }

  /// A size that is known, but for sides that would come out too short.
  init(_ shape: Shape<2>, width: Int, height: Int) {
    self.shape = shape
    self.width = ImageFit.stretched(width, shape.columns, limit: .max)
    self.height = ImageFit.stretched(height, shape.rows, limit: .max)
  }

  private static func stretched(_ length: Int, _ extent: Int, limit: Int) -> Int {
    guard length < shortest else { return length }
    if extent >= shortest { return shortest }
    return min(limit, extent * ((shortest + extent - 1) / extent))
  }

  /// Pixels of the picture to one row and one column of the image.
  var rowScale: Double { Double(height) / Double(shape.rows) }
  var columnScale: Double { Double(width) / Double(shape.columns) }
}
