import ConcordBackends
import ConcordTestSupport
import Testing

@Suite("Formulas of windows, tile by tile")
struct WindowTileTests {
  @Test("Every formula agrees with the textbook loops")
  func reference() {
    WindowCheck.run(Float.self)
    WindowCheck.run(Double.self)
  }

  @Test("The number of threads changes no bit")
  func threads() {
    for (image, window) in [
      (Extents(1, 300, 700), Extents(1, 9, 33)), (Extents(1, 1, 90_000), Extents(1, 1, 50)),
      (Extents(20, 70, 90), Extents(3, 4, 5)),
    ] {
      let check = WindowCheck(image: image, window: window, rule: Extension(.reflect), seed: 3)
      for formula in WindowCheck.formulas {
        let one = check.found(formula, as: Float.self, threads: 1)
        let two = check.found(formula, as: Float.self, threads: 5)
        #expect(one.map(\.bitPattern) == two.map(\.bitPattern), "\(formula) \(image)")
      }
    }
  }

  @Test("Tiny values beside huge ones are summed as they are, across tiles too")
  func noDrift() {
    var values = [Double](repeating: 1e-3, count: 40 * 600)
    values[20 * 600 + 300] = 1e16
    let problem = WindowCheck.problem(
      Extents(1, 40, 600), Extents(1, 4, 4), Extension(.reflect), false, .sum(.first))
    var out = SharedBuffer<Double>(dirty: values.count)
    WindowTiles(problem).run([SharedBuffer<Double>(values: values)], threads: 2, into: &out)
    for row in 0..<40 {
      for column in 0..<600 where !(19...22).contains(row) || !(299...302).contains(column) {
        #expect(abs(out[row * 600 + column] - 16e-3) < 1e-17)
      }
    }
  }

  @Test("NaN and infinity reach only the windows that hold them")
  func locality() {
    for window in [1, 3, 4, 8, 15, 17, 33] {
      let extents = Extents(1, 70, 80)
      var values = (0..<extents.count).map { Double($0 % 13) }
      values[30 * 80 + 40] = .nan
      values[50 * 80 + 10] = .infinity
      let problem = WindowCheck.problem(
        extents, Extents(1, window, window), Extension(.constant), false, .sum(.first))
      var out = SharedBuffer<Float>(dirty: values.count)
      WindowTiles(problem).run([SharedBuffer<Float>(values: values)], threads: 1, into: &out)
      for row in 0..<70 {
        for column in 0..<80 {
          func holds(_ y: Int, _ x: Int) -> Bool {
            (0..<window).contains(y - row + window / 2)
              && (0..<window).contains(x - column + window / 2)
          }
          let found = out[row * 80 + column]
          #expect(found.isNaN == holds(30, 40), "\(window) \(row) \(column)")
          #expect(found.isInfinite == (holds(50, 10) && !holds(30, 40)))
        }
      }
    }
  }
}

/// Formulas over random images of one size, for whatever instruction set is in use.
struct WindowCheck {
  let image: Extents
  let window: Extents
  let rule: Extension
  var shrinks = false
  private let a: [Double]
  private let b: [Double]

  static let formulas: [WindowFormula] = [
    .sum(.first), .mean(.first), .sum(.product), .mean(.squareDifference), .variance(ddof: 0),
    .variance(ddof: 1), .deviation(ddof: 0), .covariance(ddof: 1),
    .correlation(flat: .nan, resolution: 0),
  ]

  init(image: Extents, window: Extents, rule: Extension, shrinks: Bool = false, seed: UInt64) {
    self.image = image
    self.window = window
    self.rule = rule
    self.shrinks = shrinks
    var random = SplitMix64(seed: seed)
    // What Floats can hold, and an offset that squares would suffer from.
    a = random.numbers(image.count).map { Double(Float($0 + 64)) }
    b = random.numbers(image.count).map { Double(Float($0 - 8)) }
  }

  static func run<Scalar: BackendScalar>(_ scalar: Scalar.Type) {
    let sizes: [(Extents, Extents)] = [
      (Extents(1, 1, 1), Extents(1, 1, 1)), (Extents(1, 1, 37), Extents(1, 1, 5)),
      (Extents(1, 1, 400), Extents(1, 1, 18)), (Extents(1, 3, 5), Extents(1, 7, 9)),
      (Extents(1, 21, 19), Extents(1, 3, 2)), (Extents(1, 33, 40), Extents(1, 8, 21)),
      (Extents(1, 50, 27), Extents(1, 23, 15)), (Extents(1, 17, 9), Extents(1, 1, 4)),
      (Extents(1, 9, 50), Extents(1, 6, 1)), (Extents(4, 5, 9), Extents(1, 3, 3)),
      (Extents(5, 6, 20), Extents(3, 2, 4)), (Extents(2, 3, 4), Extents(5, 4, 6)),
      // Several pieces of rows, with windows of few columns and with the first that is longer.
      (Extents(1, 11, 430), Extents(1, 3, 7)), (Extents(1, 10, 270), Extents(1, 9, 16)),
      (Extents(1, 9, 260), Extents(1, 2, 17)), (Extents(3, 4, 210), Extents(1, 3, 3)),
    ]
    let rules: [(Extension, Bool)] = [
      (Extension(.constant, value: 2.5), false), (Extension(.replicate), false),
      (Extension(.symmetric), false), (Extension(.reflect), false), (Extension(.wrap), false),
      (Extension(.constant), true),
    ]
    for (index, (image, window)) in sizes.enumerated() {
      for (rule, shrinks) in rules {
        let check = WindowCheck(
          image: image, window: window, rule: rule, shrinks: shrinks, seed: UInt64(index))
        let windows = check.windows
        for formula in formulas {
          let found = check.found(formula, as: scalar, threads: 1)
          let expected = windows.map { value(formula, $0.0, $0.1) }
          let limit = Scalar.self == Float.self ? 2e-6 : 1e-9
          for (place, (x, y)) in zip(found, expected).enumerated() {
            let isClose = abs(Double(x) - y) <= limit * (1 + abs(y)) || (x.isNaN && y.isNaN)
            #expect(isClose, "\(formula) \(image) \(window) \(rule) \(shrinks) at \(place)")
            if !isClose { return }
          }
        }
      }
    }
  }

  static func problem(
    _ image: Extents, _ window: Extents, _ rule: Extension, _ shrinks: Bool,
    _ formula: WindowFormula
  ) -> WindowProblem {
    WindowProblem(
      image: image, window: window, output: image, offset: Extents { -(window[$0] / 2) },
      edges: rule, shrinks: shrinks, formula: formula)
  }

  func found<Scalar: BackendScalar>(
    _ formula: WindowFormula, as scalar: Scalar.Type, threads: Int
  ) -> [Scalar] {
    var out = SharedBuffer<Scalar>(dirty: image.count)
    WindowTiles(Self.problem(image, window, rule, shrinks, formula)).run(
      [SharedBuffer<Scalar>(values: a), SharedBuffer<Scalar>(values: b)], threads: threads,
      into: &out)
    return (0..<image.count).map { out[$0] }
  }

  /// The elements of every window.
  private var windows: [([Double], [Double])] {
    (0..<image.count).map { index in
      elements(
        Extents(
          index / (image.rows * image.columns), index / image.columns % image.rows,
          index % image.columns))
    }
  }

  private func elements(_ place: Extents) -> ([Double], [Double]) {
    var (x, y): ([Double], [Double]) = ([], [])
    func index(_ axis: Int, _ tap: Int) -> Int? {
      rule.index(place[axis] + tap - window[axis] / 2, extent: image[axis])
    }
    for i in 0..<window.planes {
      for j in 0..<window.rows {
        for k in 0..<window.columns {
          if let p = index(0, i), let r = index(1, j), let c = index(2, k) {
            x.append(a[(p * image.rows + r) * image.columns + c])
            y.append(b[(p * image.rows + r) * image.columns + c])
          } else if !shrinks {
            x.append(rule.value)
            y.append(rule.value)
          }
        }
      }
    }
    return (x, y)
  }

  private static func value(_ formula: WindowFormula, _ x: [Double], _ y: [Double]) -> Double {
    let n = Double(x.count)
    func energy(_ x: [Double], _ y: [Double]) -> Double {
      let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
      return zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    }
    switch formula {
    case .sum(.first): return x.reduce(0, +)
    case .scaledSum(let scale): return x.reduce(0, +) * scale
    case .mean(.first): return x.reduce(0, +) / n
    case .sum(.product): return zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    case .mean(.product): return zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } / n
    case .sum(.squareDifference): return zip(x, y).reduce(0) { $0 + $1.0 * $1.0 - $1.1 * $1.1 }
    case .mean(.squareDifference):
      return zip(x, y).reduce(0) { $0 + $1.0 * $1.0 - $1.1 * $1.1 } / n
    case .variance(let ddof): return n > ddof ? energy(x, x) / (n - ddof) : .nan
    case .deviation(let ddof): return n > ddof ? (energy(x, x) / (n - ddof)).squareRoot() : .nan
    case .covariance(let ddof): return n > ddof ? energy(x, y) / (n - ddof) : .nan
    case .correlation:
      let norm = (energy(x, x) * energy(y, y)).squareRoot()
      return norm > 1e-20 ? energy(x, y) / norm : .nan
    }
  }
}
