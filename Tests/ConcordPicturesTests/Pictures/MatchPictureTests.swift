import ConcordArrays
import ConcordMediaBackends
import ConcordPictures
import Testing

@Suite struct MatchPictureTests {
  private func picture(
    scene: Shape<2>, template: Shape<2>, peaks: [MarkedPeak]
  ) -> MatchPicture<Float> {
    let scores = ramp(
      rows: scene.rows - template.rows + 1, columns: scene.columns - template.columns + 1)
    return MatchPicture(
      scene: ramp(rows: scene.rows, columns: scene.columns), template: template, peaks: peaks,
      scores: scores, title: "Match")
  }

  private func isOrange(_ color: RGBColor) -> Bool {
    color.red > 230 && (60...130).contains(color.green) && color.blue < 70
  }

  @Test func theBestMatchIsBoxed() throws {
    let peak = MarkedPeak(position: [30, 20], score: 0.9)
    let match = picture(scene: [100, 100], template: [20, 40], peaks: [peak])
    let pixels = try match.rendered().pixels()
    let frame = try match.frames().scene
    // 540 / 100 rounds to 5 pixels an element; the box is drawn just outside of the template.
    #expect(frame.width == 500)
    let middle = frame.x + (20 + 20) * 5
    let edges = [
      (middle, frame.y + 30 * 5 - 1.5), (middle, frame.y + 50 * 5 + 0.5),
      (frame.x + 20 * 5 - 1.5, frame.y + 40 * 5), (frame.x + 60 * 5 + 0.5, frame.y + 40 * 5),
    ]
    for (x, y) in edges { #expect(isOrange(color(pixels, x, y)), "no edge at \(x), \(y)") }
    let inside = color(pixels, middle, frame.y + 40 * 5)
    #expect(inside.red == inside.green && inside.green == inside.blue)
  }

  @Test func theBestScoreIsCircled() throws {
    let peak = MarkedPeak(position: [30, 20], score: 0.9)
    var match = picture(scene: [100, 100], template: [20, 40], peaks: [peak])
    func ring(row: Double, column: Double) throws -> RGBColor {
      let frame = try match.frames().scores
      let scale = frame.width / 61
      return color(
        try match.rendered().pixels(), frame.x + (column + 0.5) * scale + 9,
        frame.y + (row + 0.5) * scale)
    }
    #expect(isOrange(try ring(row: 30, column: 20)))
    #expect(!isOrange(try ring(row: 40, column: 25)))
    // Scores that begin elsewhere move the mark, not the box.
    match.scoreOrigin = [-10, -5]
    #expect(isOrange(try ring(row: 40, column: 25)))
  }

  @Test func wideScenesHaveTheirScoresBelow() throws {
    let wide = try picture(scene: [40, 200], template: [8, 8], peaks: []).frames()
    #expect(wide.scores.y > wide.scene.bottom)
    #expect(wide.scores.x == wide.scene.x)
    let tall = try picture(scene: [200, 40], template: [8, 8], peaks: []).frames()
    #expect(tall.scores.x > tall.scene.right)
    #expect(tall.scores.y == tall.scene.y)
  }

  @Test func scoresShareTheScaleOfTheSceneUnlessTheyAreFew() throws {
    let alike = try picture(scene: [100, 100], template: [11, 21], peaks: []).frames()
    #expect(alike.scores.width / 80 == alike.scene.width / 100)
    let few = try picture(scene: [100, 100], template: [91, 91], peaks: []).frames()
    #expect(few.scores.width >= 400)
  }

  @Test(
    arguments: [
      ([1, 1], [1, 1]), ([100, 100], [100, 100]), ([300, 100], [2, 2]), ([3, 900], [3, 9]),
      ([1200, 1600], [40, 60]),
    ] as [(Shape<2>, Shape<2>)])
  func anyShapesKeepTheirMargins(scene: Shape<2>, template: Shape<2>) throws {
    let peaks = [
      MarkedPeak(position: [0, 0], score: 0.5),
      MarkedPeak(
        position: [scene.rows - template.rows, scene.columns - template.columns], score: .nan),
      MarkedPeak(position: [-1_000_000, 5_000_000], score: -1e300),
    ]
    let pixels = try picture(scene: scene, template: template, peaks: peaks).rendered().pixels()
    #expect(pixels.hasFreeMargin)
    #expect((500...1600).contains(pixels.width))
    #expect((350...1450).contains(pixels.height))
  }

  @Test func colorScenesAreShownInColor() throws {
    let high = Image<Float>(shape: [10, 10], repeating: 255)
    let low = Image<Float>(shape: [10, 10], repeating: 0)
    let scene = try ColorImage(planes: [high, low, high, low])
    let match = MatchPicture(
      scene: scene, template: [2, 2], peaks: [], scores: ramp(rows: 9, columns: 9),
      title: "Purple")
    let center = try match.frames().scene.center
    let found = color(try match.rendered().pixels(), center.x, center.y)
    #expect(found == RGBColor(red: 255, green: 0, blue: 255))
  }

  @Test func emptyPartsAreRefused() {
    let image = ramp(rows: 4, columns: 4)
    let empty = Image<Float>(shape: [0, 0], repeating: 0)
    #expect(throws: ConcordError.empty(what: "the scene")) {
      try MatchPicture(scene: empty, template: [1, 1], peaks: [], scores: image, title: "").png()
    }
    #expect(throws: ConcordError.empty(what: "the template")) {
      try MatchPicture(scene: image, template: [0, 1], peaks: [], scores: image, title: "").png()
    }
    #expect(throws: ConcordError.empty(what: "the score map")) {
      try MatchPicture(scene: image, template: [1, 1], peaks: [], scores: empty, title: "").png()
    }
  }
}
