import ConcordMediaBackends

/// A title with an optional line below it.
struct TitleBlock {
  let title: TextBlock
  let subtitle: TextBlock
  /// The room both take, with the gap to what follows.
  let height: Double

  init(title: String, subtitle: String?, within width: Double, on ruler: borrowing Canvas) {
    self.title = TextBlock(title, style: Typography.title, within: width, on: ruler)
    self.subtitle = TextBlock(
      subtitle ?? "", style: Typography.subtitle, within: width, on: ruler)
    let text = self.title.height + self.subtitle.height
    height = text > 0 ? text + 14 : 0
  }

  func draw(on canvas: inout Canvas, x: Double, top: Double) {
    title.draw(on: &canvas, x: x, top: top)
    subtitle.draw(on: &canvas, x: x, top: top + title.height)
  }
}
