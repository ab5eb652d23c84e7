public import ConcordArrays
import ConcordBackends
import RealModule

extension PixelExpression {
  /// The expression's value for each pair of pixels, in Double.
  ///
  /// Without a second image, `b` may not stand in the expression. Where a value is not defined, as
  /// the root of a negative number, it is NaN; `min` and `max` are NaN where an operand is.
  ///
  /// The images are shared out among threads in strips of one length, so the bits never depend on
  /// their number.
  ///
  /// - Complexity: O(*n* · the expression's length).
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the images differ in shape, and
  ///   ``ConcordError/expression(text:problem:)`` if the second one is missing.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func values<let rank: Int, Scalar: RealScalar>(
    a: NDArray<rank, Scalar>, b: NDArray<rank, Scalar>? = nil, threads: Int? = nil
  ) throws(ConcordError) -> NDArray<rank, Double> {
    if let b, b.shape != a.shape {
      throw .shapesDiffer(expected: a.shape.components, found: b.shape.components)
    }
    try checkOperands(isPair: b != nil)
    var result = NDArray<rank, Double>(uninitialized: a.shape)
    evaluate(
      a: a.buffer, b: b?.buffer, threads: max(1, threads ?? availableProcessors),
      into: &result.buffer)
    return result
  }

  /// Refuses an expression of two images for one.
  func checkOperands(isPair: Bool) throws(ConcordError) {
    guard isPair || !usesSecond else {
      throw .expression(text: text, problem: "expected a second image for b, found one image")
    }
  }

  /// Writes the values for runs of pixels.
  func evaluate<Scalar: RealScalar>(
    a: SharedBuffer<Scalar>, b: SharedBuffer<Scalar>?, threads: Int,
    into result: inout SharedBuffer<Double>
  ) {
    WorkProgress.untold {
      run(steps, depth: depth, a: a, b: b, threads: threads, into: &result)
    }
  }

  /// How many values wait at most for being used.
  private var depth: Int {
    var depth = 0
    var deepest = 0
    for step in steps {
      switch step {
      case .number, .first, .second: depth += 1
      case .unary: break
      case .binary: depth -= 1
      }
      deepest = max(deepest, depth)
    }
    return deepest
  }
}

/// Generic over the scalar alone, so that it is specialised.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func run<Scalar: RealScalar>(
  _ steps: [PixelExpression.Step], depth: Int, a: SharedBuffer<Scalar>, b: SharedBuffer<Scalar>?,
  threads: Int, into result: inout SharedBuffer<Double>
) {
  // Runs enough that handing a strip out costs nothing beside it.
  let length = 16 * Registers.length
  let count = a.count
  let strips = stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
  fillRanges(strips, of: &result, threads: threads) {
    Registers(depth: depth)
  } body: { index, out, registers in
    for start in stride(from: 0, to: out.count, by: Registers.length) {
      let first = strips[index].lowerBound + start
      let range = first..<min(first + Registers.length, strips[index].upperBound)
      registers.begin(count: range.count)
      for step in steps {
        switch step {
        case .number(let value): registers.push(value)
        case .first: registers.push(a.span.extracting(range))
        case .second: if let b { registers.push(b.span.extracting(range)) }
        case .unary(let operation): registers.apply(operation)
        case .binary(let operation): registers.apply(operation)
        }
      }
      registers.store(into: &out, at: start)
    }
  }
}

/// A stack of runs of values: each operation goes through a whole run, which stays in cache.
private struct Registers {
  static let length = 2048

  private var values: [Double]
  private var top = 0
  private var count = 0

  init(depth: Int) {
    values = [Double](repeating: 0, count: depth * Self.length)
  }

  mutating func begin(count: Int) {
    top = 0
    self.count = count
  }

  mutating func push(_ value: Double) {
    for index in 0..<count { values[top * Self.length + index] = value }
    top += 1
  }

  mutating func push<Scalar: RealScalar>(_ source: Span<Scalar>) {
    let start = top * Self.length
    let count = count
    var out = values.mutableSpan
    for index in 0..<count { out[start + index] = Double(source[index]) }
    top += 1
  }

  mutating func apply(_ operation: PixelExpression.Unary) {
    switch operation {
    case .negate: transform { -$0 }
    case .abs: transform { $0.magnitude }
    case .sqrt: transform { $0.squareRoot() }
    case .exp: transform { .exp($0) }
    case .log: transform { .log($0) }
    }
  }

  mutating func apply(_ operation: PixelExpression.Binary) {
    switch operation {
    case .add: combine { $0 + $1 }
    case .subtract: combine { $0 - $1 }
    case .multiply: combine { $0 * $1 }
    case .divide: combine { $0 / $1 }
    case .power: combine(power)
    // A comparison with NaN is false, so the sum makes NaN of either operand's.
    case .min: combine { $0 <= $1 ? $0 : $1 < $0 ? $1 : $0 + $1 }
    case .max: combine { $0 >= $1 ? $0 : $1 > $0 ? $1 : $0 + $1 }
    }
  }

  func store(into out: inout MutableSpan<Double>, at start: Int) {
    for index in 0..<count { out[start + index] = values[index] }
  }

  @inline(__always)
  private mutating func transform(_ function: (Double) -> Double) {
    let x = (top - 1) * Self.length
    let count = count
    var out = values.mutableSpan
    for index in 0..<count { out[x + index] = function(out[x + index]) }
  }

  @inline(__always)
  private mutating func combine(_ function: (Double, Double) -> Double) {
    let y = (top - 1) * Self.length
    let x = y - Self.length
    let count = count
    var out = values.mutableSpan
    for index in 0..<count { out[x + index] = function(out[x + index], out[y + index]) }
    top -= 1
  }
}

/// The power, also of negative numbers where the exponent is whole.
private func power(_ base: Double, _ exponent: Double) -> Double {
  if exponent == 2 { return base * base }
  if let whole = Int(exactly: exponent) { return Double.pow(base, whole) }
  return Double.pow(base, exponent)
}
