/// 256 colours for numbers, from the smallest to the largest.
///
/// Both colour maps are built in OKLab, a space in which equal distances look equally different:
/// neighbouring colours are equally far apart, so that a picture shows no edges that the data
/// don't have. All of them can be shown by any screen. NaN has a colour of its own, magenta, that
/// no map comes near.
public struct ColorMap: Hashable, Sendable {
  /// Dark blue over green to bright yellow; lightness rises evenly, also when printed in grey.
  public static let sequential = ColorMap(path: sequentialPath(count: entries))

  /// Blue over near white to red, for signed data: lightness falls evenly to both sides.
  public static let diverging = ColorMap(path: divergingPath(count: entries), isCentered: true)

  /// Black to white in equal steps of the stored value.
  public static let grey = ColorMap(
    colors: (0..<entries).map { entry in
      let byte = UInt8(clamping: entry)
      return RGBColor(red: byte, green: byte, blue: byte)
    }, isCentered: false)

  /// The colour of NaN: magenta.
  public static let notANumber = RGBColor(red: 232, green: 52, blue: 190)

  /// How many colours there are.
  public static let entries = 256

  /// The colours, that of the smallest value first.
  public let colors: [RGBColor]

  /// Whether the middle colour stands for zero when no range is given.
  public let isCentered: Bool

  private init(colors: [RGBColor], isCentered: Bool) {
    self.colors = colors
    self.isCentered = isCentered
  }

  private init(path: [OKLab], isCentered: Bool = false) {
    self.init(colors: path.map(\.rgb), isCentered: isCentered)
  }

  /// The colour of a fraction of the range; what lies outside of 0...1 takes the end's colour.
  public func color(at fraction: Double) -> RGBColor {
    guard !fraction.isNaN else { return ColorMap.notANumber }
    return colors[ColorMap.entry(at: fraction)]
  }

  static func entry(at fraction: Double) -> Int {
    Int(min(max(fraction * Double(entries), 0), Double(entries - 1)))
  }
}
