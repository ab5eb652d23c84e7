import ConcordBackends
import ConcordTestSupport
import Testing

@Suite("Loops over elements")
struct ElementTests {
  @Test("Scaling, adding, moments and finiteness at every length")
  func loops() {
    ElementCheck.run(Float.self)
    ElementCheck.run(Double.self)
  }

  @Test("The range of what is finite")
  func ranges() {
    func range(_ values: [Double]) -> ClosedRange<Double>? {
      Double.finiteRange(of: SharedBuffer(values: values).span)
    }
    #expect(range([3, -1, .nan, 7, .infinity]) == -1...7)
    #expect(range([.nan, -.infinity]) == nil)
    #expect(range([]) == nil)
    #expect(range([-5]) == -5 ... -5)
  }

  @Test("The median of any order, with ties, and NaN")
  func medians() {
    var random = SplitMix64(seed: 16)
    for count in 1...33 {
      for distinct in [2, 5, 1000] {
        let values = (0..<count).map { _ in Double(random.integer(in: 0...distinct)) }
        let sorted = values.sorted()
        let expected = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
        #expect(median(values) == expected, "\(random) \(values)")
      }
    }
    #expect(median([1, .nan, 3]).isNaN)
    #expect(median([.infinity, 1, -.infinity]) == 1)
    #expect(median([.infinity, .infinity]) == .infinity)
    let huge = Double.greatestFiniteMagnitude
    #expect(median([-huge, huge]) == 0)
    #expect(median([huge, huge]) == huge)
  }

  private func median(_ values: [Double]) -> Double {
    var buffer = SharedBuffer<Double>(values: values)
    var span = buffer.mutableSpan
    return Double.median(of: &span)
  }
}

/// Element loops for whatever instruction set is in use.
enum ElementCheck {
  static func run<Scalar: BackendScalar>(_ scalar: Scalar.Type) {
    var random = SplitMix64(seed: 17)
    for count in [0, 1, 2, 15, 16, 17, 31, 33, 100] {
      let x = random.numbers(count)
      let y = random.numbers(count)
      var scaled = SharedBuffer<Scalar>(values: x)
      var span = scaled.mutableSpan
      scalar.scale(&span, by: 2.5)
      #expect(relativeL2Error(scaled.values, x.map { 2.5 * $0 }) < bound(scalar))
      var sum = SharedBuffer<Scalar>(values: y)
      var target = sum.mutableSpan
      scalar.add(SharedBuffer<Scalar>(values: x).span, times: -3, to: &target)
      #expect(relativeL2Error(sum.values, zip(x, y).map { $1 - 3 * $0 }) < bound(scalar))
      let moments = scalar.moments(of: SharedBuffer<Scalar>(values: x).span, shift: 0.5)
      #expect(abs(moments.sum - x.reduce(0) { $0 + $1 - 0.5 }) < 1e-12)
      let squares = x.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) }
      #expect(abs(moments.sumOfSquares - squares) < 1e-12)
      #expect(isFinite(x, scalar))
      for index in [0, count / 2, count - 1] where count > 0 {
        for value in [Double.nan, .infinity, -.infinity] {
          var bad = x
          bad[index] = value
          #expect(!isFinite(bad, scalar), "\(count) \(index)")
        }
      }
      let extremes = [Double](repeating: Double(scalar.greatestFiniteMagnitude), count: count)
      #expect(isFinite(extremes, scalar))
    }
  }

  private static func isFinite<Scalar: BackendScalar>(
    _ values: [Double], _ scalar: Scalar.Type
  ) -> Bool {
    scalar.allFinite(SharedBuffer<Scalar>(values: values).span)
  }
}
