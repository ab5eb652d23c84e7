import ComplexModule
import ConcordArrays
import ConcordTestSupport
import NaiveReference

/// Images and kernels of Floats, which Doubles and the oracle hold exactly too.
struct RandomSamples {
  var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func real<let rank: Int>(
    _ shape: Shape<rank>, in range: ClosedRange<Double> = -1...1
  ) -> NDArray<rank, Float> {
    random.array(shape, in: range)
  }

  mutating func complex<let rank: Int>(
    _ shape: Shape<rank>, in range: ClosedRange<Double> = -1...1
  ) throws -> NDArray<rank, Complex<Float>> {
    try NDArray(real: real(shape, in: range), imaginary: real(shape, in: range))
  }
}

extension NDArray where Scalar == Complex<Float> {
  var inDouble: NDArray<rank, Complex<Double>> {
    get throws {
      try NDArray<rank, Complex<Double>>(
        real: real.converted(to: Double.self), imaginary: imaginary.converted(to: Double.self))
    }
  }
}

/// What went wrong in many comparisons, reported once.
struct Mismatches: CustomStringConvertible {
  private(set) var lines: [String] = []
  private(set) var comparisons = 0

  var isEmpty: Bool { lines.isEmpty }

  mutating func note(_ error: Double, below bound: Double, _ what: @autoclosure () -> String) {
    comparisons += 1
    if !(error < bound) { lines.append("\(what()): relative error \(error)") }
  }

  mutating func note<let rank: Int, Scalar: RealScalar>(
    _ found: NDArray<rank, Scalar>, _ expected: NaiveArray, _ what: @autoclosure () -> String
  ) {
    let error = relativeL2Error(found, expected)
    note(error, below: Self.bound(Scalar.self), "\(Scalar.self) \(what())")
  }

  mutating func note<let rank: Int, Real: RealScalar>(
    _ found: NDArray<rank, Complex<Real>>, _ expected: NaiveComplexArray,
    _ what: @autoclosure () -> String
  ) {
    let error = relativeL2Error(found, expected)
    note(error, below: Self.bound(Real.self), "complex \(Real.self) \(what())")
  }

  /// The error that every combination must keep below.
  static func bound<Scalar: RealScalar>(_ scalar: Scalar.Type) -> Double {
    scalar == Float.self ? 2e-6 : 1e-14
  }

  var description: String {
    "\(lines.count) of \(comparisons) comparisons:\n" + lines.prefix(6).joined(separator: "\n")
  }
}

extension Shape {
  /// Every position, in row-major order.
  var positions: [Position<rank>] { (0..<count).map { position(ofIndex: $0) } }
}
