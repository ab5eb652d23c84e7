import Concord
import ConcordBackends

extension OperationSuite {
  /// Loops of a user over single elements, beside the span that they are measured against.
  ///
  /// Subscripts are inlined into this module. Where that fails, they take a hundred times as long.
  func elements<Scalar: RealScalar>(_ a: Image<Scalar>) -> [Contender] {
    let signal = Signal(shape: [a.count]) { a[$0[0] / a.columns, $0[0] % a.columns] }
    let expected = sumOfSpan(a)
    func reading(_ name: String, _ sum: @escaping () -> Scalar) -> Contender {
      Contender(name: name) { precondition(sum() == expected, "\(name) sums something else") }
    }
    return [
      reading("sum of a span, in order") { sumOfSpan(a) },
      reading("sum of image[row, column]") { sumOfSubscripts(a) },
      reading("sum of image[position]") { sumOfPositions(a) },
      reading("sum of signal[index]") { sumOfSubscripts(signal) },
      reading("sum of view[row, column]") { sumOfSubscripts(a.view) },
      Contender(name: "image[row, column] set") {
        precondition(written(a.shape)[a.rows - 1, 0] == Scalar(a.rows - 1))
      },
      Contender(name: "windows of 3, first and last") {
        blackHole(Int(try sumOfCorners(a)))
      },
    ]
  }
}

// Generic over the scalar alone, as the compiler specialises a user's own loops.

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func sumOfSpan<Scalar: RealScalar>(_ image: Image<Scalar>) -> Scalar {
  var sum: Scalar = 0
  let elements = image.span
  for index in elements.indices { sum += elements[index] }
  return sum
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func sumOfSubscripts<Scalar: RealScalar>(_ image: Image<Scalar>) -> Scalar {
  var sum: Scalar = 0
  for row in 0..<image.rows {
    for column in 0..<image.columns { sum += image[row, column] }
  }
  return sum
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func sumOfPositions<Scalar: RealScalar>(_ image: Image<Scalar>) -> Scalar {
  var sum: Scalar = 0
  for row in 0..<image.rows {
    for column in 0..<image.columns { sum += image[Position(row: row, column: column)] }
  }
  return sum
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func sumOfSubscripts<Scalar: RealScalar>(_ signal: Signal<Scalar>) -> Scalar {
  var sum: Scalar = 0
  for index in 0..<signal.count { sum += signal[index] }
  return sum
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func sumOfSubscripts<Scalar: RealScalar>(_ view: ArrayView<2, Scalar>) -> Scalar {
  var sum: Scalar = 0
  for row in 0..<view.shape[0] {
    for column in 0..<view.shape[1] { sum += view[row, column] }
  }
  return sum
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func written<Scalar: RealScalar>(_ shape: Shape<2>) -> Image<Scalar> {
  var image = Image<Scalar>(shape: shape, repeating: 0)
  for row in 0..<shape[0] {
    for column in 0..<shape[1] { image[row, column] = Scalar(row - column) }
  }
  return image
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func sumOfCorners<Scalar: RealScalar>(_ image: Image<Scalar>) throws -> Scalar {
  var sum: Scalar = 0
  for window in try image.windows(of: [3, 3]) { sum += window[0, 0] + window[2, 2] }
  return sum
}
