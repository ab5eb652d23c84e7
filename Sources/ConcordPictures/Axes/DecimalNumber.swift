import RealModule

/// A decimal number, `units · 10^exponent`, which prints without rounding.
package struct DecimalNumber: Hashable, Sendable {
  package var units: Int
  package var exponent: Int

  package init(units: Int, exponent: Int) {
    self.units = units
    self.exponent = exponent
  }

  /// The decimal number of so many significant digits that is nearest to a finite value.
  package init(_ value: Double, digits: Int) {
    let exponent = value == 0 ? 0 : DecimalNumber.exponent(of: value) - digits + 1
    let units = DecimalNumber.scale(value, by: -exponent).rounded()
    self.init(units: Int(units), exponent: exponent)
  }

  package var value: Double { Double("\(units)e\(exponent)") ?? .nan }

  /// The number in plain digits, with the typographer's minus: `−0.250`.
  package var text: String {
    let digits = String(units.magnitude)
    let sign = units < 0 ? "\u{2212}" : ""
    guard exponent < 0 else {
      return sign + (units == 0 ? "0" : digits + String(repeating: "0", count: exponent))
    }
    let missing = max(0, 1 - exponent - digits.count)
    let padded = String(repeating: "0", count: missing) + digits
    return sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent)
  }

  /// The number without the zeros at its end.
  package var reduced: DecimalNumber {
    guard units != 0 else { return DecimalNumber(units: 0, exponent: 0) }
    var number = self
    while number.units % 10 == 0 && number.exponent < 0 {
      number.units /= 10
      number.exponent += 1
    }
    return number
  }

  /// The power of ten of the first significant digit.
  package static func exponent(of value: Double) -> Int {
    let exponent = Int(Double.log10(abs(value)).rounded(.down))
    // The logarithm may be rounded up to a whole number that it doesn't reach.
    return scale(abs(value), by: -exponent) < 1 - 1e-9 ? exponent - 1 : exponent
  }

  /// `value · 10^power`, also where the power itself would overflow.
  package static func scale(_ value: Double, by power: Int) -> Double {
    if power > 300 { return value * .pow(10, 300) * .pow(10, Double(power - 300)) }
    return power < 0 ? value / .pow(10, Double(-power)) : value * .pow(10, Double(power))
  }
}

/// Numbers in running text: `0.98213`, `3.2×10⁻¹²`, `NaN`.
package enum NumberText {
  /// A value to so many significant digits, in powers of ten where plain digits would be long.
  package static func significant(_ value: Double, digits: Int = 5) -> String {
    guard value.isFinite else {
      return value.isNaN ? "NaN" : value < 0 ? "\u{2212}∞" : "∞"
    }
    var number = DecimalNumber(value, digits: digits)
    guard number.units != 0 else { return "0" }
    let leading = number.exponent + String(number.units.magnitude).count - 1
    if (-4...5).contains(leading) {
      if number.exponent > 0 { return number.text }
      return number.reduced.text
    }
    number.exponent -= leading
    return number.reduced.text + "×" + powerOfTen(leading)
  }

  /// Ten with a raised exponent: `10⁻³`.
  package static func powerOfTen(_ exponent: Int) -> String {
    let raised: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
      "8": "⁸", "9": "⁹",
    ]
    return "10" + String(String(exponent).compactMap { raised[$0] })
  }
}
