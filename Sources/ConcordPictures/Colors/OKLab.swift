import RealModule

/// A colour in OKLab, in which equal distances look about equally different.
///
/// Björn Ottosson, *A perceptual color space for image processing* (2020).
package struct OKLab: Equatable, Sendable {
  /// Perceived lightness: 0 black, 1 white.
  package var lightness: Double
  /// From green (negative) to red.
  package var a: Double
  /// From blue (negative) to yellow.
  package var b: Double

  package init(lightness: Double, a: Double, b: Double) {
    self.lightness = lightness
    self.a = a
    self.b = b
  }

  /// A colour of the given colourfulness and hue, the hue in degrees.
  package init(lightness: Double, chroma: Double, hue: Double) {
    let angle = hue * Double.pi / 180
    self.init(lightness: lightness, a: chroma * .cos(angle), b: chroma * .sin(angle))
  }

  package init(_ color: RGBColor) {
    let red = OKLab.linear(color.red)
    let green = OKLab.linear(color.green)
    let blue = OKLab.linear(color.blue)
    let l = Double.root(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue, 3)
    let m = Double.root(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue, 3)
    let s = Double.root(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue, 3)
    self.init(
      lightness: 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      a: 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      b: 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s)
  }

  /// Red, green and blue in linear light; outside of 0...1 if a screen can't show the colour.
  package var linearRGB: [Double] {
    let l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
    let m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
    let s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
    return [
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    ]
  }

  /// The nearest colour of 8 bits a channel; colours outside of the gamut are clipped.
  package var rgb: RGBColor {
    let bytes = linearRGB.map(OKLab.byte)
    return RGBColor(red: bytes[0], green: bytes[1], blue: bytes[2])
  }

  /// How different two colours look.
  package func distance(to other: OKLab) -> Double {
    let (x, y, z) = (lightness - other.lightness, a - other.a, b - other.b)
    return (x * x + y * y + z * z).squareRoot()
  }

  private func cube(_ x: Double) -> Double { x * x * x }

  private static func linear(_ byte: UInt8) -> Double {
    let value = Double(byte) / 255
    return value <= 0.04045 ? value / 12.92 : .pow((value + 0.055) / 1.055, 2.4)
  }

  private static func byte(_ linear: Double) -> UInt8 {
    let clipped = min(max(linear, 0), 1)
    let encoded =
      clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * .pow(clipped, 1 / 2.4) - 0.055
    return UInt8((255 * encoded).rounded())
  }
}
