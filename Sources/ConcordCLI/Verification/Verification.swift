import Concord

/// What a result is by definition, position by position, computed without the engine.
struct OutputDefinition {
  /// The value at a position, outermost index first.
  let value: ([Int]) throws(ConcordError) -> Complex<Double>
  /// The error that was asked for, as results are measured.
  var allowance = 0.0

  init(_ value: @escaping ([Int]) throws(ConcordError) -> Complex<Double>) {
    self.value = value
  }

  /// A definition of real values.
  init(real value: @escaping ([Int]) throws(ConcordError) -> Double) {
    self.value = { (position) throws(ConcordError) in Complex(try value(position), 0) }
  }
}

/// The largest error of random outputs, relative to the largest output.
struct Verification {
  private(set) var samples = 0
  private(set) var largestError = 0.0
  /// The largest relative error that was asked for.
  private var allowance = 0.0
  private var wanted: Int

  init(samples: Int) {
    wanted = samples
  }

  /// Compares random elements of a result with their definition.
  mutating func check<let rank: Int, Element: CommandElement>(
    _ result: NDArray<rank, Element>, by definition: OutputDefinition, samples: Int
  ) throws(ConcordError) {
    guard result.count > 0, samples > 0 else { return }
    let elements = result.span
    var largest = 0.0
    for index in elements.indices {
      let magnitude = elements[index].complexDouble.magnitude
      if magnitude.isFinite { largest = max(largest, magnitude) }
    }
    if largest > 0 { allowance = max(allowance, definition.allowance / largest) }
    for _ in 0..<samples {
      let index = Int.random(in: 0..<result.count)
      let expected = try definition.value(position(index, in: result.shape.components))
      let found = elements[index].complexDouble
      add(found, expected: expected, largest: largest)
    }
  }

  /// Compares one element with its definition.
  mutating func add(_ found: Complex<Double>, expected: Complex<Double>, largest: Double) {
    largestError = max(largestError, error(found, expected, largest: largest))
    samples += 1
  }

  /// Adds the error to a report; one that no rounding explains is a failure.
  func finish(in report: inout Report, precision: Precision) throws(ConcordError) {
    let bound = allowance + (precision == .float ? 1e-3 : 1e-9)
    guard largestError <= bound else {
      throw .outOfRange(
        what: "verification: the largest relative error of \(samples) outputs",
        found: largestError, allowed: "at most \(bound)")
    }
    report.add(
      "verified",
      "\(samples) outputs, largest relative error "
        + Format.significant(largestError, digits: 2),
      key: "max_relative_error", .number(largestError))
    report.fields.append(("verified", .integer(samples)))
  }

  private func error(
    _ found: Complex<Double>, _ expected: Complex<Double>, largest: Double
  ) -> Double {
    let pairs = [
      (found.rawStorage.x, expected.rawStorage.x), (found.rawStorage.y, expected.rawStorage.y),
    ]
    let errors = pairs.map { found, expected in
      // Equal infinities have no difference, and NaN agrees with NaN.
      found == expected || (found.isNaN && expected.isNaN) ? 0 : abs(found - expected)
    }
    let error = errors.contains { $0.isNaN } ? .infinity : errors.max() ?? 0
    return error == 0 || largest == 0 ? error : error / largest
  }

  private func position(_ index: Int, in shape: [Int]) -> [Int] {
    var rest = index
    var position = [Int](repeating: 0, count: shape.count)
    for axis in shape.indices.reversed() {
      position[axis] = rest % shape[axis]
      rest /= shape[axis]
    }
    return position
  }
}
