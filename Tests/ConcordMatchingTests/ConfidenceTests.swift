import ConcordArrays
import ConcordMatching
import ConcordTestSupport
import Testing

@Suite("Confidence of scores")
struct ConfidenceTests {
  private func isNear(_ range: ClosedRange<Double>, _ low: Double, _ high: Double) -> Bool {
    abs(range.lowerBound - low) < 1e-13 && abs(range.upperBound - high) < 1e-13
  }

  @Test("Intervals are Fisher's")
  func intervals() throws {
    // tanh(arctanh(r) ± norm.ppf(0.5 + level / 2) / sqrt(n - 3)) by NumPy and SciPy.
    let first = try ScoreConfidence(score: 0.8, effectiveCount: 50)
    #expect(isNear(try first.interval(), 0.6710891995764624, 0.881955481608882))
    let second = try ScoreConfidence(score: -0.3, effectiveCount: 20)
    #expect(isNear(try second.interval(level: 0.99), -0.7325692271951839, 0.305170074225559))
    let third = try ScoreConfidence(score: 0.999, effectiveCount: 4096)
    #expect(isNear(try third.interval(level: 0.5), 0.99897870148332, 0.9990208545675224))
  }

  @Test("Differences of scores come with their probability")
  func differences() throws {
    let high = try ScoreConfidence(score: 0.9, effectiveCount: 30)
    let low = try ScoreConfidence(score: 0.8, effectiveCount: 50)
    let difference = high.difference(from: low)
    #expect(abs(difference.z - 1.5471420478053677) < 1e-13)
    #expect(abs(difference.probability - 0.12182899662862823) < 1e-13)
    #expect(low.difference(from: high).z == -difference.z)
  }

  @Test("Scores of ±1 and counts of 3 or less follow their rules")
  func edges() throws {
    let one = try ScoreConfidence(score: 1, effectiveCount: 100)
    #expect(one.z == .infinity)
    #expect(try one.interval() == 1...1)
    let other = try ScoreConfidence(score: 1, effectiveCount: 9)
    #expect(one.difference(from: other).z == 0 && one.difference(from: other).probability == 1)
    let less = try ScoreConfidence(score: 0.5, effectiveCount: 100)
    #expect(one.difference(from: less).z == .infinity)
    #expect(less.difference(from: one).probability == 0)
    let few = try ScoreConfidence(score: 0.5, effectiveCount: 3)
    #expect(few.standardError == .infinity)
    #expect(try few.interval() == -1...1)
    #expect(try ScoreConfidence(score: -1, effectiveCount: 2).interval() == -1...1)
    #expect(few.difference(from: less).probability == 1)
    #expect(throws: ConcordError.self) { try ScoreConfidence(score: 1.1, effectiveCount: 9) }
    #expect(throws: ConcordError.self) { try ScoreConfidence(score: .nan, effectiveCount: 9) }
    #expect(throws: ConcordError.self) { try ScoreConfidence(score: 0, effectiveCount: 0) }
    #expect(throws: ConcordError.self) { try less.interval(level: 1) }
  }

  @Test("As many pixels count as the spread of chance correlations tells", arguments: [1, 5])
  func effectiveCounts(width: Int) throws {
    var random = SplitMix64(seed: 0xefc)
    let length = 300
    func smooth() -> Signal<Double> {
      let noise: Signal<Double> = random.array(Shape(count: length + width - 1))
      return Signal(shape: [length]) { place in
        (0..<width).reduce(0) { $0 + noise[place[0] + $1] }
      }
    }
    var (squares, estimates) = (0.0, 0.0)
    let trials = 400
    for _ in 0..<trials {
      let (a, b) = (smooth(), smooth())
      let r = try #require(try a.bestMatch(for: b)).score
      squares += r * r
      estimates += try a.effectiveCount(with: b)
    }
    let seen = 1 + Double(trials) / squares
    let estimated = estimates / Double(trials)
    #expect(abs(estimated / seen - 1) < 0.15, "\(estimated), not \(seen), \(random)")
  }

  @Test("Identical and flat arrays have a count all the same")
  func countsAtTheEdge() throws {
    let flat = Image<Float>(shape: [5, 6], repeating: 2)
    #expect(try flat.effectiveCount(with: flat) == 30)
    var random = SplitMix64(seed: 3)
    let noise: Image<Float> = random.array([40, 30])
    #expect(try noise.effectiveCount(with: noise) <= 1200)
    let ramp = Image<Float>(shape: [40, 30]) { Float($0.row) }
    #expect(try ramp.effectiveCount(with: ramp) < 12)
    #expect(throws: ConcordError.self) { try flat.effectiveCount(with: noise) }
  }
}
