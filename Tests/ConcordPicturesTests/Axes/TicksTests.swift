import ConcordPictures
import Testing

@Suite struct TicksTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let range: ClosedRange<Double>
    let most: Int
    let labels: [String]
    var scale: Int = 0
    var testDescription: String { "\(range), at most \(most)" }
  }

  @Test(arguments: [
    Case(range: 0...1, most: 6, labels: ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    Case(range: 0...1, most: 5, labels: ["0.0", "0.5", "1.0"]),
    Case(range: -1...1, most: 5, labels: ["−1.0", "−0.5", "0.0", "0.5", "1.0"]),
    Case(range: 0...0.3, most: 4, labels: ["0.0", "0.1", "0.2", "0.3"]),
    Case(range: 3...97, most: 5, labels: ["20", "40", "60", "80"]),
    Case(range: -23 ... -17, most: 4, labels: ["−22", "−20", "−18"]),
    Case(range: 0...1e12, most: 3, labels: ["0.0", "0.5", "1.0"], scale: 12),
    Case(
      range: -1e-12...1e-12, most: 5, labels: ["−1.0", "−0.5", "0.0", "0.5", "1.0"], scale: -12),
    Case(
      range: 999_999.6...1_000_000.4, most: 5,
      labels: ["999999.6", "999999.8", "1000000.0", "1000000.2", "1000000.4"]),
    Case(range: 0...100_000, most: 3, labels: ["0", "50000", "100000"]),
    Case(range: -1.5e308...1.5e308, most: 4, labels: ["−1", "0", "1"], scale: 308),
    Case(range: 2...2, most: 4, labels: []),
  ])
  func linearAxesCountInOnesTwosAndFives(given: Case) {
    let ticks = Ticks.linear(given.range, most: given.most)
    #expect(ticks.scaleExponent == given.scale)
    #expect(ticks.labels == given.labels)
  }

  @Test func ticksAreNeverMoreThanAskedFor() {
    for most in 1...12 {
      for high in [0.013, 0.7, 1, 3.3, 99.99, 12_345, 7.1e9] {
        let ticks = Ticks.linear(-0.3 * high...high, most: most)
        #expect(ticks.values.count <= most)
        #expect(ticks.values.count >= (most + 1) / 4, "\(most) for \(high)")
        #expect(ticks.values.allSatisfy { (-0.3 * high * 1.001...high * 1.001).contains($0) })
      }
    }
  }

  @Test func indicesAreWhole() {
    #expect(Ticks.indices(from: 0, count: 1, most: 5).labels == ["0"])
    #expect(Ticks.indices(from: 0, count: 3, most: 10).labels == ["0", "1", "2"])
    #expect(Ticks.indices(from: 0, count: 3, most: 2).labels == ["0", "2"])
    #expect(
      Ticks.indices(from: 0, count: 512, most: 6).labels == [
        "0", "100", "200", "300", "400", "500",
      ])
    #expect(Ticks.indices(from: -30, count: 90, most: 4).labels == ["−20", "0", "20", "40"])
    #expect(Ticks.indices(from: 7, count: 2, most: 1).labels == ["8"])
    #expect(Ticks.indices(from: 0, count: 0, most: 4).labels.isEmpty)
  }

  @Test func logarithmicAxesCountInPowers() {
    #expect(Ticks.logarithmic(3...127, most: 10).labels == ["5", "10", "20", "50", "100"])
    #expect(Ticks.logarithmic(1...1000, most: 5).labels == ["1", "10", "100", "1000"])
    #expect(Ticks.logarithmic(1e-6...1, most: 4).labels == ["10⁻⁶", "10⁻⁴", "10⁻²", "1"])
    #expect(Ticks.logarithmic(31...34, most: 4).labels == ["31", "32", "33", "34"])
    #expect(Ticks.logarithmic(0...1, most: 4).labels.isEmpty)
  }

  @Test func decimalsPrintExactly() {
    #expect(DecimalNumber(units: -25, exponent: -2).text == "−0.25")
    #expect(DecimalNumber(units: 5, exponent: -3).text == "0.005")
    #expect(DecimalNumber(units: 0, exponent: -1).text == "0.0")
    #expect(DecimalNumber(units: 12, exponent: 3).text == "12000")
    #expect(DecimalNumber(units: 0, exponent: 3).text == "0")
    #expect(DecimalNumber(units: 3, exponent: -1).value == 0.3)
  }

  @Test func numbersInTextKeepTheirDigits() {
    #expect(NumberText.significant(0.982134567) == "0.98213")
    #expect(NumberText.significant(-0.5) == "−0.5")
    #expect(NumberText.significant(1) == "1")
    #expect(NumberText.significant(0.99999999) == "1")
    #expect(NumberText.significant(0) == "0")
    #expect(NumberText.significant(-0.0) == "0")
    #expect(NumberText.significant(3.2e-12) == "3.2×10⁻¹²")
    #expect(NumberText.significant(1.5e308) == "1.5×10³⁰⁸")
    #expect(NumberText.significant(.leastNonzeroMagnitude, digits: 1) == "5×10⁻³²⁴")
    #expect(NumberText.significant(.nan) == "NaN")
    #expect(NumberText.significant(-.infinity) == "−∞")
    #expect(NumberText.significant(123_456, digits: 4) == "123500")
  }
}
