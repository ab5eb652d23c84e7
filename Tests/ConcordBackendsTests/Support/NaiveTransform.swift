import RealModule

/// Complex numbers as two lists, in row-major order.
struct ComplexValues: Sendable {
  var real: [Double]
  var imaginary: [Double]

  init(real: [Double], imaginary: [Double]) {
    self.real = real
    self.imaginary = imaginary
  }

  /// From pairs of reals beside each other.
  init(pairs: [Double]) {
    real = stride(from: 0, to: pairs.count, by: 2).map { pairs[$0] }
    imaginary = stride(from: 1, to: pairs.count, by: 2).map { pairs[$0] }
  }

  var pairs: [Double] { zip(real, imaginary).flatMap { [$0, $1] } }

  /// The discrete Fourier transform by its definition, one axis after another: exponents with
  /// `sign`, not scaled.
  func transformed(lengths: [Int], sign: Double) -> ComplexValues {
    var values = self
    var inner = 1
    for length in lengths.reversed() {
      values = values.transformed(length: length, inner: inner, sign: sign)
      inner *= length
    }
    return values
  }

  private func transformed(length n: Int, inner: Int, sign: Double) -> ComplexValues {
    let cosines = (0..<n).map { Double.cos(2 * .pi * Double($0) / Double(n)) }
    let sines = (0..<n).map { sign * Double.sin(2 * .pi * Double($0) / Double(n)) }
    var result = self
    for start in 0..<(real.count / n) {
      let first = start / inner * inner * n + start % inner
      for bin in 0..<n {
        var re = 0.0
        var im = 0.0
        for k in 0..<n {
          let angle = bin * k % n
          let (x, y) = (real[first + k * inner], imaginary[first + k * inner])
          re += x * cosines[angle] - y * sines[angle]
          im += x * sines[angle] + y * cosines[angle]
        }
        result.real[first + bin * inner] = re
        result.imaginary[first + bin * inner] = im
      }
    }
    return result
  }
}
