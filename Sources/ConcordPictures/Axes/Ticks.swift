import RealModule

/// The numbers marked on an axis, and how they are written.
package struct Ticks: Equatable, Sendable {
  package let numbers: [DecimalNumber]
  /// The labels, one for each number, in units of `10^scaleExponent`.
  package let labels: [String]
  /// The power of ten that all labels leave out; 0 if they are written in full.
  package let scaleExponent: Int

  package var values: [Double] { numbers.map(\.value) }

  /// The factor that the labels leave out, such as `×10⁻⁶`; nil if there is none.
  package var scaleText: String? {
    scaleExponent == 0 ? nil : "×" + NumberText.powerOfTen(scaleExponent)
  }

  private init(numbers: [DecimalNumber], scaleExponent: Int) {
    self.numbers = numbers
    self.scaleExponent = scaleExponent
    labels = Ticks.texts(numbers, scaleExponent)
  }

  private init(numbers: [DecimalNumber]) {
    let largest = numbers.map { abs($0.value) }.max() ?? 0
    let exponent = largest == 0 ? 0 : DecimalNumber.exponent(of: largest)
    let plain = Ticks.texts(numbers, 0).map(\.count).max() ?? 0
    let scaled = Ticks.texts(numbers, exponent).map(\.count).max() ?? 0
    // Six characters are read at a glance; longer ones pay only if scaling shortens them.
    self.init(numbers: numbers, scaleExponent: plain <= max(6, scaled) ? 0 : exponent)
  }

  /// At most `most` multiples of 1, 2 or 5 times a power of ten inside a range.
  package static func linear(_ range: ClosedRange<Double>, most: Int) -> Ticks {
    let (low, high) = (range.lowerBound, range.upperBound)
    let width = high / 2 - low / 2
    // Steps finer than the bounds' own precision can't be counted.
    guard width > 1e-13 * max(abs(low), abs(high)), width.isFinite, most > 0 else {
      return Ticks(numbers: [])
    }
    var exponent = DecimalNumber.exponent(of: width / Double(most)) - 1
    while true {
      for mantissa in [1, 2, 5] {
        let first = units(low, mantissa, exponent, .up)
        let last = units(high, mantissa, exponent, .down)
        if last - first < Double(most) {
          return Ticks(
            numbers: stride(from: first, through: last, by: 1).map {
              DecimalNumber(units: Int($0) * mantissa, exponent: exponent)
            })
        }
      }
      exponent += 1
    }
  }

  /// At most `most` round indices out of `first ..< first + count`, starting where zero would be.
  package static func indices(from first: Int, count: Int, most: Int) -> Ticks {
    guard count > 0 else { return Ticks(numbers: []) }
    let (low, last) = (Double(first), Double(first + count - 1))
    guard low < last else { return Ticks(numbers: [DecimalNumber(units: first, exponent: 0)]) }
    var numbers = linear(low...last, most: most).numbers
    if numbers.isEmpty || numbers[0].exponent < 0 {
      // A narrow axis may hold no round number, or only fractions; its pixels are whole.
      numbers = (first..<(first + count)).prefix(max(1, most)).map {
        DecimalNumber(units: $0, exponent: 0)
      }
    }
    return Ticks(numbers: numbers, scaleExponent: 0)
  }

  /// At most `most` powers of ten inside a range of positive numbers, with their doubles and
  /// fivefolds if these fit too.
  package static func logarithmic(_ range: ClosedRange<Double>, most: Int) -> Ticks {
    guard range.lowerBound > 0, range.upperBound.isFinite else { return Ticks(numbers: []) }
    let first = DecimalNumber.exponent(of: range.lowerBound)
    let last = DecimalNumber.exponent(of: range.upperBound)
    var step = 1
    while (last - first) / step >= max(most, 1) { step += 1 }
    func numbers(_ mantissas: [Int]) -> [DecimalNumber] {
      (first...last).filter { $0.isMultiple(of: step) }.flatMap { exponent in
        mantissas.map { DecimalNumber(units: $0, exponent: exponent) }
      }.filter { range.contains($0.value) }
    }
    let fine = numbers([1, 2, 5])
    let numbers = step == 1 && fine.count <= most ? fine : numbers([1])
    if numbers.count < 2 { return linear(range, most: most) }
    let isPlain = numbers.allSatisfy { (-3...4).contains($0.exponent) }
    let labels = numbers.map { number in
      if isPlain || (0...1).contains(number.exponent) { return number.text }
      let power = NumberText.powerOfTen(number.exponent)
      return number.units == 1 ? power : "\(number.units)×\(power)"
    }
    return Ticks(numbers: numbers, labels: labels)
  }

  private init(numbers: [DecimalNumber], labels: [String]) {
    self.numbers = numbers
    self.labels = labels
    scaleExponent = 0
  }

  /// A bound in steps, rounded into the range; bounds that miss a step by rounding errors count.
  private static func units(
    _ value: Double, _ mantissa: Int, _ exponent: Int, _ rule: FloatingPointRoundingRule
  ) -> Double {
    let steps = DecimalNumber.scale(value, by: -exponent) / Double(mantissa)
    let nearest = steps.rounded()
    return abs(steps - nearest) < 1e-6 ? nearest : steps.rounded(rule)
  }

  private static func texts(_ numbers: [DecimalNumber], _ scaleExponent: Int) -> [String] {
    numbers.map {
      DecimalNumber(units: $0.units, exponent: $0.exponent - scaleExponent).text
    }
  }
}
