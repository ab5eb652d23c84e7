import ConcordBackends
import ConcordTestSupport
import Testing

@Suite("Tiles of every length that the planner takes")
struct TileLengthTests {
  /// Rows and columns in turn; the other axis is short, as sums in Double are slow.
  @Test(
    "Sum what the definition does",
    arguments: [240, 480, 576, 640, 768, 800, 960, 1024, 1152, 1280, 1536, 2048])
  func sums(length: Int) {
    for lengths in [Extents(1, length, 16), Extents(1, 16, length)] {
      check(lengths, tolerance: 2e-6, as: Float.self)
      check(lengths, tolerance: 1e-14, as: Double.self)
    }
  }

  private func check<Scalar: BackendScalar>(
    _ lengths: Extents, tolerance: Double, as scalar: Scalar.Type
  ) {
    let kernel = Extents(1, 3, 4)
    let output = Extents(1, lengths.rows - 2, lengths.columns - 3)
    var random = SplitMix64(seed: 9)
    func noise(_ count: Int) -> [Double] {
      (0..<count).map { _ in Double(Float.random(in: -1...1, using: &random)) }
    }
    let (pixels, weights) = (noise(lengths.count), noise(kernel.count))
    let transform = TileTransform<Scalar>(
      tiles: OverlapTiles(lengths: lengths, kernel: kernel, output: output))
    let spectrum = transform.spectrum(of: Samples(real: SharedBuffer(weights.map { Scalar($0) })))
    var out = Samples(real: SharedBuffer<Scalar>(dirty: output.count), imaginary: nil)
    let isFinite = transform.correlate(
      Samples(real: SharedBuffer(pixels.map { Scalar($0) })), extents: lengths,
      offset: Extents(0, 0, 0), edges: Extension(.constant), with: spectrum, threads: 1, into: &out)
    #expect(isFinite)
    var worst = 0.0
    for row in 0..<output.rows {
      for column in 0..<output.columns {
        var sum = 0.0
        for tap in 0..<kernel.count {
          let (i, j) = (tap / kernel.columns, tap % kernel.columns)
          sum += weights[tap] * pixels[(row + i) * lengths.columns + column + j]
        }
        worst = max(worst, abs(Double(out.real[row * output.columns + column]) - sum))
      }
    }
    #expect(worst < tolerance, "\(lengths)")
  }
}
