import ConcordArrays
import ConcordMatching
import ConcordTestSupport
import Testing

@Suite("From coarse to fine")
struct PyramidTests {
  /// Noise of several widths, so that means of blocks show something.
  private func texture(_ rows: Int, _ columns: Int, seed: UInt64) -> Image<Float> {
    var random = SplitMix64(seed: seed)
    let noise: Image<Float> = random.array([rows, columns])
    let coarse: Image<Float> = random.array([rows / 8 + 1, columns / 8 + 1])
    return Image(shape: [rows, columns]) {
      0.3 * noise[$0.row, $0.column] + coarse[$0.row / 8, $0.column / 8]
    }
  }

  @Test("Places are those of the full search", arguments: [nil, 2, 4])
  func places(factor: Int?) throws {
    let scene = texture(150, 190, seed: 0xc0)
    let template = try scene.view(61..<95, 83..<125).copied() * 3 + 7
    var options = PyramidOptions()
    options.factor = factor
    options.peaks = PeakOptions(count: 3, threshold: 0.2)
    options.peaks.subpixel = .newton
    let found = try scene.coarseToFineMatches(of: template, options)
    #expect(!found.isExact && found.factor == factor ?? 4)
    let matcher = try TemplateMatcher(template: template, scene: scene.shape)
    let all = try matcher.matches(in: scene, scores: matcher.scores(in: scene), options.peaks)
    #expect(found.matches.first?.position == [61, 83])
    #expect(found.matches.first?.score == all.first?.score)
    #expect(found.matches.first?.fit != nil)
    #expect(found.candidates > 0)
  }

  @Test("Signals and volumes, and places at the end")
  func otherRanks() throws {
    var random = SplitMix64(seed: 0xc1)
    let steps: Signal<Double> = random.array([60])
    let signal = Signal<Double>(shape: [480]) { steps[$0[0] / 8] }
    let part = try signal.view(400..<480).copied()
    #expect(try signal.coarseToFineMatches(of: part).matches.first?.position == [400])
    let blocks: Volume<Float> = random.array([8, 8, 8])
    let volume = Volume<Float>(shape: [32, 32, 32]) {
      blocks[$0[0] / 4, $0[1] / 4, $0[2] / 4]
    }
    let cube = try volume.view(5..<21, 16..<32, 0..<16).copied()
    let found = try volume.coarseToFineMatches(of: cube)
    #expect(found.factor == 2 && found.matches.first?.position == [5, 16, 0])
  }

  @Test(
    "What means of blocks don't show is missed, and said to be possible; small templates are exact")
  func exactness() throws {
    // Nothing but a pattern of single pixels.
    let scene = Image<Float>(shape: [64, 64]) { ($0.row + $0.column) % 2 == 0 ? 1 : -1 }
    let template = try scene.view(0..<32, 0..<32).copied()
    let flat = try scene.coarseToFineMatches(of: template)
    // The coarse template has no contrast: all places are scored.
    #expect(flat.isExact && flat.matches.first?.score == 1)
    let small = try texture(40, 40, seed: 4).view(3..<12, 5..<12).copied()
    let exact = try texture(40, 40, seed: 4).coarseToFineMatches(of: small)
    #expect(exact.isExact && exact.factor == 1 && exact.matches.first?.position == [3, 5])
    var options = PyramidOptions()
    options.factor = 0
    #expect(throws: ConcordError.self) { try scene.coarseToFineMatches(of: template, options) }
  }
}
