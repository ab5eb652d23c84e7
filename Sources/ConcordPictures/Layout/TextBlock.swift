import ConcordMediaBackends

extension TextStyle {
  /// This style, but smaller if a text would not fit a length otherwise.
  func fitted(_ text: String, within length: Double, on ruler: borrowing Canvas) -> TextStyle {
    var style = self
    style.size *= min(1, length / max(1, ruler.width(of: text, style: self)))
    return style
  }
}

/// Text broken into lines that fit a width.
struct TextBlock {
  let lines: [String]
  let style: TextStyle
  let lineHeight: Double
  let width: Double

  var height: Double { Double(lines.count) * lineHeight }

  init(_ text: String, style: TextStyle, within width: Double, on ruler: borrowing Canvas) {
    self.style = style
    lineHeight = (ruler.lineHeight(style: style) * 1.08).rounded(.up)
    self.width = width
    var lines: [String] = []
    for paragraph in TextBlock.printable(text).split(whereSeparator: \.isNewline) {
      lines += TextBlock.wrap(paragraph, style: style, within: width, on: ruler)
    }
    self.lines = lines
  }

  /// Draws the lines from `top` downwards, about `x` as the anchor says.
  func draw(
    on canvas: inout Canvas, x: Double, top: Double,
    alignment: TextAnchor.Horizontal = .center
  ) {
    for (index, line) in lines.enumerated() {
      canvas.draw(
        line, at: CanvasPoint(x: x, y: top + Double(index) * lineHeight), style: style,
        anchor: TextAnchor(alignment, .top))
    }
  }

  /// The text without control characters, which cairo would end at or draw as boxes.
  static func printable(_ text: String) -> String {
    String(
      text.map { character in
        if character.isNewline { return "\n" }
        let isControl = character.unicodeScalars.contains {
          $0.properties.generalCategory == .control
        }
        return isControl ? " " : character
      })
  }

  private static func wrap(
    _ text: Substring, style: TextStyle, within width: Double, on ruler: borrowing Canvas
  ) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      let joined = line.isEmpty ? String(word) : line + " " + word
      if ruler.width(of: joined, style: style) <= width {
        line = joined
        continue
      }
      if !line.isEmpty { lines.append(line) }
      var pieces = broken(word, style: style, within: width, on: ruler)
      line = pieces.popLast() ?? ""
      lines += pieces
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// A word in pieces that each fit the width; file names can be longer than a line.
  private static func broken(
    _ word: Substring, style: TextStyle, within width: Double, on ruler: borrowing Canvas
  ) -> [String] {
    var pieces: [String] = []
    var piece = ""
    for character in word {
      let longer = piece + String(character)
      if piece.isEmpty || ruler.width(of: longer, style: style) <= width {
        piece = longer
      } else {
        pieces.append(piece)
        piece = String(character)
      }
    }
    return piece.isEmpty ? pieces : pieces + [piece]
  }
}
