public import ConcordArrays
package import ConcordMediaBackends

/// A place where a template was found, and how well it fits there.
public struct MarkedPeak: Hashable, Sendable {
  /// The position of the template's first element in the scene.
  public var position: Position<2>
  /// The score at that position.
  public var score: Double
  /// The extents of its box, where they aren't those of the picture's template.
  public var shape: Shape<2>?
  /// The position that the score has in the map, where it isn't that of the template's first element.
  public var scorePosition: Position<2>?

  /// A peak at a position of the scene.
  public init(position: Position<2>, score: Double) {
    self.position = position
    self.score = score
  }

  /// A peak of a template of its own extents, in a map of scores by the templates' centres.
  public init(position: Position<2>, score: Double, centreOf shape: Shape<2>) {
    self.init(position: position, score: score)
    self.shape = shape
    scorePosition = Position { position[$0] + (shape[$0] - 1) / 2 }
  }
}

/// A scene with the place of the best match boxed, and the map of its scores beside it.
///
/// The first peak is the best match. Further ones get thinner boxes, and all are numbered then.
/// Scenes that are wide have the score map below them. The scene is shown from its smallest to its
/// largest value; one of three planes is shown in colour.
///
///     let peak = MarkedPeak(position: [12, 40], score: 0.98)
///     let picture = MatchPicture(
///       scene: scene, template: template.shape, peaks: [peak], scores: scores, title: "Match")
///     try picture.write(to: "match.png")
public struct MatchPicture<Scalar: RealScalar>: Picture {
  /// The scene's extents.
  public var sceneShape: Shape<2> { planes[0].shape }

  /// The extents of the template, and so of the boxes.
  public var template: Shape<2>

  /// The peaks, best first.
  public var peaks: [MarkedPeak]

  /// The score of each position of the template.
  public var scores: Image<Scalar>

  /// The title, broken into lines where it is long.
  public var title: String

  /// A smaller line below the title.
  public var subtitle: String?

  /// The position in the scene that the first score belongs to.
  ///
  /// Zero for scores of the extent 'valid'; minus the template's extents plus one for 'full'.
  public var scoreOrigin: Position<2> = [0, 0]

  /// What the scores are, written beside their key.
  public var scoreLabel: String? = "score"

  /// The scores of the first and last colour; by default those of the data.
  public var scoreRange: ClosedRange<Double>?

  /// The colours of the score map.
  public var colorMap: ColorMap = .sequential

  /// One plane of grey or three of colour; opacity is left out.
  private let planes: [Image<Scalar>]

  /// A picture of the peaks found in a scene of several planes.
  public init(
    scene: ColorImage<Scalar>, template: Shape<2>, peaks: [MarkedPeak], scores: Image<Scalar>,
    title: String
  ) {
    planes = Array(scene.planes.prefix(scene.channels >= 3 ? 3 : 1))
    self.template = template
    self.peaks = peaks
    self.scores = scores
    self.title = title
  }

  /// A picture of the peaks found in a scene of one plane.
  public init(
    scene: Image<Scalar>, template: Shape<2>, peaks: [MarkedPeak], scores: Image<Scalar>,
    title: String
  ) {
    planes = [scene]
    self.template = template
    self.peaks = peaks
    self.scores = scores
    self.title = title
  }

  /// The picture as the bytes of a PNG file.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` if scene, template or scores have no elements,
  ///   ``ConcordError/outOfRange(what:found:allowed:)`` if the range is not finite.
  public func png() throws(ConcordError) -> [UInt8] {
    let canvas = try rendered()
    do { return try canvas.png() } catch { throw ConcordError(error) }
  }

  /// The drawn picture, before it is encoded.
  package func rendered() throws(ConcordError) -> Canvas {
    let colorings = try colorings()
    return try drawing { () throws(CanvasError) in
      let layout = try MatchLayout(self, colorings.scores)
      return try layout.draw(
        scene: scenePixels(colorings.scene, at: layout.scene.fit),
        scores: colorings.scores.pixels(of: scores, at: layout.scores.panel.fit))
    }
  }

  /// Where the scene and the score map lie in the picture.
  package func frames() throws(ConcordError) -> (scene: CanvasRectangle, scores: CanvasRectangle) {
    let colorings = try colorings()
    let layout = try drawing { () throws(CanvasError) in try MatchLayout(self, colorings.scores) }
    return (layout.sceneFrame, layout.scoreFrame)
  }

  private func colorings() throws(ConcordError) -> (scene: Coloring, scores: Coloring) {
    guard sceneShape.count > 0 else { throw .empty(what: "the scene") }
    guard template.rows > 0 && template.columns > 0 else { throw .empty(what: "the template") }
    guard scores.count > 0 else { throw .empty(what: "the score map") }
    let extremes = Extremes(joining: planes.map { Extremes(of: $0) })
    return (
      Coloring(map: .grey, range: ValueRange(of: extremes, given: nil, centered: false)),
      Coloring(
        map: colorMap,
        range: ValueRange(
          of: Extremes(of: scores), given: try checked(scoreRange),
          centered: colorMap.isCentered))
    )
  }

  private func scenePixels(_ coloring: Coloring, at fit: ImageFit) -> PixelImage {
    guard planes.count == 3 else { return coloring.pixels(of: planes[0], at: fit) }
    return coloring.pixels(red: planes[0], green: planes[1], blue: planes[2], at: fit)
  }
}
