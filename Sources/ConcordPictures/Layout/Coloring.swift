import ConcordArrays
import ConcordBackends
import ConcordMediaBackends

/// Turns values into coloured pixels, not many more than the picture can show.
struct Coloring {
  let map: ColorMap
  let range: ValueRange

  /// The pixels of an image shown at a size.
  ///
  /// Blocks that shrink to less than a pixel are averaged here, which bounds the memory by the
  /// size of the picture; the canvas does the rest.
  @_specialize(exported:false,kind:full,where Scalar == Float)
  @_specialize(exported:false,kind:full,where Scalar == Double)
  func pixels<Scalar: RealScalar>(of image: Image<Scalar>, at fit: ImageFit) -> PixelImage {
    let table = map.colors.map(\.packed)
    let notANumber = ColorMap.notANumber.packed
    let values = image.span
    return averagingBlocks(fit) { index in
      let value = Double(values[index])
      return value.isNaN ? notANumber : table[ColorMap.entry(at: range.fraction(of: value))]
    }
  }

  /// The pixels of three planes of colour, all scaled by one range.
  @_specialize(exported:false,kind:full,where Scalar == Float)
  @_specialize(exported:false,kind:full,where Scalar == Double)
  func pixels<Scalar: RealScalar>(
    red: Image<Scalar>, green: Image<Scalar>, blue: Image<Scalar>, at fit: ImageFit
  ) -> PixelImage {
    let notANumber = ColorMap.notANumber.packed
    let (reds, greens, blues) = (red.span, green.span, blue.span)
    func byte(_ value: Scalar) -> UInt8 {
      UInt8(clamping: ColorMap.entry(at: range.fraction(of: Double(value))))
    }
    return averagingBlocks(fit) { index in
      let (r, g, b) = (reds[index], greens[index], blues[index])
      if r.isNaN || g.isNaN || b.isNaN { return notANumber }
      return PixelImage.pack(red: byte(r), green: byte(g), blue: byte(b))
    }
  }

  /// Averages whole blocks where an axis shrinks to less than half, and repeats pixels along an
  /// axis that grows while the other one shrinks.
  @inline(__always)
  private func averagingBlocks(
    _ fit: ImageFit, _ color: (Int) -> UInt32
  ) -> PixelImage {
    let (rows, columns) = (fit.shape.rows, fit.shape.columns)
    let blockRows = max(1, rows / (2 * fit.height))
    let blockColumns = max(1, columns / (2 * fit.width))
    let outRows = (rows + blockRows - 1) / blockRows
    let outColumns = (columns + blockColumns - 1) / blockColumns
    var pixels: [UInt32] = []
    pixels.reserveCapacity(outRows * outColumns)
    for outRow in 0..<outRows {
      let rowRange = (outRow * blockRows)..<min(rows, (outRow + 1) * blockRows)
      for outColumn in 0..<outColumns {
        let first = outColumn * blockColumns
        var mean = MeanColor()
        for row in rowRange {
          for column in first..<min(columns, first + blockColumns) {
            mean.add(color(row * columns + column))
          }
        }
        pixels.append(mean.packed)
      }
    }
    let image = PixelImage(width: outColumns, height: outRows, pixels: pixels)
    let mixed = (fit.height > rows) != (fit.width > columns)
    guard mixed else { return image }
    return image.repeating(rows: max(1, fit.height / rows), columns: max(1, fit.width / columns))
  }
}

/// The mean of packed colours, channel by channel.
private struct MeanColor {
  private var red: UInt64 = 0
  private var green: UInt64 = 0
  private var blue: UInt64 = 0
  private var count: UInt64 = 0

  mutating func add(_ color: UInt32) {
    red += UInt64(color >> 16 & 0xFF)
    green += UInt64(color >> 8 & 0xFF)
    blue += UInt64(color & 0xFF)
    count += 1
  }

  var packed: UInt32 {
    let half = count / 2
    return UInt32((red + half) / count) << 16 | UInt32((green + half) / count) << 8
      | UInt32((blue + half) / count)
  }
}
