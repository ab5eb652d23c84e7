import ConcordBackends
import ConcordTestSupport
import Testing

@Suite("Sums of windows along an axis")
struct WindowSumTests {
  @Test("Every window of every extent agrees with the textbook loops")
  func reference() { WindowSumCheck.run() }

  @Test("NaN and infinity reach only the windows that hold them", arguments: [1, 3])
  func locality(inner: Int) {
    for window in 1...11 {
      var source = (0..<(11 * inner)).map { Double($0) }
      source[4 * inner] = .nan
      source[8 * inner] = .infinity
      let found = WindowSumCheck.sums(source, outer: 1, extent: 11, inner: inner, window: window)
      for index in 0...(11 - window) {
        let value = found[index * inner]
        let holdsNaN = (index..<(index + window)).contains(4)
        let holdsInfinity = (index..<(index + window)).contains(8)
        #expect(value.isNaN == holdsNaN, "\(window) at \(index)")
        #expect((value == .infinity) == (holdsInfinity && !holdsNaN), "\(window) at \(index)")
      }
    }
  }

  @Test("Tiny values beside huge ones are summed as they are")
  func noDrift() {
    var source = [Double](repeating: 1e-3, count: 40)
    source[10] = 1e16
    let found = WindowSumCheck.sums(source, outer: 1, extent: 40, inner: 1, window: 4)
    for index in 11..<37 { #expect(found[index] == 4e-3) }
  }
}

/// Window sums for whatever instruction set is in use.
enum WindowSumCheck {
  static func run() {
    var random = SplitMix64(seed: 14)
    for extent in [1, 2, 7, 16, 21] {
      for inner in [1, 2, 63, 64, 65] {
        let source = random.numbers(2 * extent * inner)
        for window in Set([1, 2, 3, 4, extent / 2, extent - 1, extent])
        where window >= 1 && window <= extent {
          let found = sums(source, outer: 2, extent: extent, inner: inner, window: window)
          var expected: [Double] = []
          for outer in 0..<2 {
            for index in 0...(extent - window) {
              for lane in 0..<inner {
                var sum = 0.0
                for k in index..<(index + window) {
                  sum += source[(outer * extent + k) * inner + lane]
                }
                expected.append(sum)
              }
            }
          }
          #expect(relativeL2Error(found, expected) < 1e-14, "\(extent) \(inner) \(window)")
        }
      }
    }
  }

  static func sums(
    _ source: [Double], outer: Int, extent: Int, inner: Int, window: Int
  ) -> [Double] {
    let from = SharedBuffer<Double>(values: source)
    var out = SharedBuffer<Double>(dirty: outer * (extent - window + 1) * inner)
    var scratch = SharedBuffer<Double>(dirty: windowSumScratch(extent: extent, inner: inner))
    var target = out.mutableSpan
    var spare = scratch.mutableSpan
    sumWindows(
      from.span, outer: outer, extent: extent, inner: inner, window: window, into: &target,
      scratch: &spare)
    return out.values
  }
}
