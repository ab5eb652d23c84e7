package import ConcordMediaBackends

/// A colour of the sRGB space with 8 bits a channel.
public struct RGBColor: Hashable, Sendable {
  /// The red channel.
  public var red: UInt8
  /// The green channel.
  public var green: UInt8
  /// The blue channel.
  public var blue: UInt8

  /// A colour of three channels.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  package init(packed: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: packed >> 16), green: UInt8(truncatingIfNeeded: packed >> 8),
      blue: UInt8(truncatingIfNeeded: packed))
  }

  package var packed: UInt32 { PixelImage.pack(red: red, green: green, blue: blue) }

  package var canvasColor: CanvasColor {
    CanvasColor(
      red: Double(red) / 255, green: Double(green) / 255, blue: Double(blue) / 255)
  }
}
