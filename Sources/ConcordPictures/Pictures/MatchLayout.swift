import ConcordArrays
import ConcordMediaBackends

/// Where the parts of a match picture lie.
struct MatchLayout {
  let titles: TitleBlock
  let scene: ImagePanel
  let scores: KeyedPanel
  let captions: [TextBlock]
  let width: Int
  let height: Int
  let sceneCorner: CanvasPoint
  let scoreCorner: CanvasPoint
  let captionTop: Double
  let marks: MatchMarks

  /// Scenes wider than this many times their height have the score map below.
  private static let wideAspect = 1.5
  private static let narrowest = 640.0

  init<Scalar>(
    _ picture: MatchPicture<Scalar>, _ coloring: Coloring
  ) throws(CanvasError) {
    let ruler = try Canvas(width: 1, height: 1)
    marks = MatchMarks(template: picture.template, peaks: picture.peaks)
    let shape = picture.sceneShape
    let isWide = Double(shape.columns) > MatchLayout.wideAspect * Double(shape.rows)
    let fit = MatchLayout.sceneFit(shape, picture.scores.shape, isWide: isWide)
    scene = ImagePanel(fit, heading: "Scene", on: ruler)
    scores = KeyedPanel(
      coloring, ImageFit(picture.scores.shape, beside: fit), origin: picture.scoreOrigin,
      labels: KeyedPanel.Labels(heading: "Score map", bar: picture.scoreLabel), on: ruler)
    let gap = 34.0
    let content =
      isWide ? max(scene.width + 24, scores.width) : scene.width + gap + scores.width
    let inner = max(content, MatchLayout.narrowest)
    titles = TitleBlock(
      title: picture.title, subtitle: picture.subtitle, within: inner, on: ruler)
    captions = MatchLayout.captions(picture, within: inner, on: ruler)
    width = Int((inner + 2 * Typography.margin).rounded(.up))
    let left = ((Double(width) - content) / 2).rounded()
    let top = (Typography.margin + titles.height).rounded()
    if isWide {
      // Both images begin at the same column, so that places can be compared by eye.
      let indent = max(scene.left, scores.panel.left)
      sceneCorner = CanvasPoint(x: left + indent - scene.left, y: top)
      scoreCorner = CanvasPoint(
        x: left + indent - scores.panel.left, y: top + scene.height + gap)
    } else {
      sceneCorner = CanvasPoint(x: left, y: top)
      scoreCorner = CanvasPoint(x: left + scene.width + gap, y: top)
    }
    captionTop =
      max(sceneCorner.y + scene.height, scoreCorner.y + scores.height) + 16
    let captionHeight = captions.reduce(0) { $0 + $1.height }
    height = Int((captionTop + captionHeight + Typography.margin).rounded(.up))
  }

  var sceneFrame: CanvasRectangle { scene.imageFrame(at: sceneCorner) }
  var scoreFrame: CanvasRectangle { scores.imageFrame(at: scoreCorner) }

  func draw(scene pixels: PixelImage, scores map: PixelImage) throws(CanvasError) -> Canvas {
    var canvas = try Canvas(width: width, height: height)
    let middle = Double(width) / 2
    titles.draw(on: &canvas, x: middle, top: Typography.margin)
    scene.draw(pixels, on: &canvas, in: sceneFrame)
    scores.draw(map, on: &canvas, at: scoreCorner)
    marks.drawBoxes(on: &canvas, scene, in: sceneFrame)
    marks.drawCircles(on: &canvas, scores.panel, in: scoreFrame)
    var top = captionTop
    for caption in captions {
      caption.draw(on: &canvas, x: middle, top: top)
      top += caption.height
    }
    return canvas
  }

  /// The scene's size; it leaves room for a score map that is larger, such as one of extent 'full'.
  private static func sceneFit(
    _ scene: Shape<2>, _ scores: Shape<2>, isWide: Bool
  ) -> ImageFit {
    let columns = Double(scores.columns) / Double(scene.columns)
    let rows = Double(scores.rows) / Double(scene.rows)
    let growth = min(max(columns, rows, 1), ImageFit.largestGrowth)
    let (width, height, target) = isWide ? (1100.0, 560.0, 800) : (560.0, 900.0, 540)
    return ImageFit(
      scene, maxWidth: Int(width / growth), maxHeight: Int(height / growth), target: target)
  }

  private static func captions<Scalar>(
    _ picture: MatchPicture<Scalar>, within width: Double, on ruler: borrowing Canvas
  ) -> [TextBlock] {
    var first = "No match"
    if let best = picture.peaks.first { first = "Best match: " + text(of: best) }
    var second = "Template \(picture.template), scene \(picture.sceneShape)"
    let listed = 6
    let further = picture.peaks.dropFirst()
    if !further.isEmpty {
      let places = further.prefix(listed - 1).enumerated().map { index, peak in
        "\(index + 2) at row \(peak.position.row), column \(peak.position.column) "
          + "(\(NumberText.significant(peak.score, digits: 4)))"
      }
      second += "; further peaks: " + places.joined(separator: ", ")
      if further.count >= listed { second += " and \(further.count - listed + 1) more" }
    }
    return [
      TextBlock(first, style: Typography.caption, within: width, on: ruler),
      TextBlock(second, style: Typography.smallCaption, within: width, on: ruler),
    ]
  }

  private static func text(of peak: MarkedPeak) -> String {
    "row \(peak.position.row), column \(peak.position.column), "
      + "score \(NumberText.significant(peak.score))"
  }
}

extension ImageFit {
  /// A score map has at most about twice the scene's extents.
  static let largestGrowth = 2.05

  /// The size of a score map beside its scene: of the same scale, so that places can be compared,
  /// unless it would come out small; it then grows to the scene's size.
  init(_ shape: Shape<2>, beside scene: ImageFit) {
    let width = Double(shape.columns) * scene.columnScale
    let height = Double(shape.rows) * scene.rowScale
    let share = max(width / Double(scene.width), height / Double(scene.height))
    if (0.5...ImageFit.largestGrowth).contains(share) {
      self.init(shape, width: Int(width.rounded()), height: Int(height.rounded()))
    } else {
      self.init(
        shape, maxWidth: max(scene.width, 240), maxHeight: max(scene.height, 240),
        target: max(scene.width, scene.height))
    }
  }
}
