/// A point in device pixels; x to the right, y downwards.
package struct CanvasPoint: Equatable, Sendable {
  package var x: Double
  package var y: Double

  package init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// A rectangle in device pixels, given by its top-left corner and its extents.
package struct CanvasRectangle: Equatable, Sendable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  package var right: Double { x + width }
  package var bottom: Double { y + height }
  package var center: CanvasPoint { CanvasPoint(x: x + width / 2, y: y + height / 2) }

  /// The rectangle that lies `margin` further inside on every side.
  package func inset(by margin: Double) -> CanvasRectangle {
    CanvasRectangle(
      x: x + margin, y: y + margin, width: width - 2 * margin, height: height - 2 * margin)
  }
}

/// A colour of the sRGB space with opacity; components in 0...1.
package struct CanvasColor: Equatable, Sendable {
  package var red: Double
  package var green: Double
  package var blue: Double
  package var alpha: Double

  package init(red: Double, green: Double, blue: Double, alpha: Double = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  package init(grey: Double, alpha: Double = 1) {
    self.init(red: grey, green: grey, blue: grey, alpha: alpha)
  }

  package static let black = CanvasColor(grey: 0)
  package static let white = CanvasColor(grey: 1)
}
