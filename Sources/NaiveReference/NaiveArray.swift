/// A row-major array of Doubles with one to three axes, outermost first.
///
/// NaiveReference is the oracle that Concord's tests and benchmarks compare with: textbook loops
/// that follow the definitions literally. It is slow on purpose and never part of a product.
public struct NaiveArray: Equatable, Sendable {
  /// The extents: (columns), (rows, columns) or (planes, rows, columns).
  public let shape: [Int]
  /// The elements in row-major order.
  public var values: [Double]

  /// An array of elements that must fill the shape.
  public init(shape: [Int], values: [Double]) {
    precondition((1...3).contains(shape.count), "One to three axes expected")
    precondition(shape.allSatisfy { $0 >= 1 }, "Every extent must be at least 1")
    precondition(shape.reduce(1, *) == values.count, "The values must fill the shape")
    self.shape = shape
    self.values = values
  }

  /// A signal.
  public init(_ values: [Double]) {
    self.init(shape: [values.count], values: values)
  }

  /// An image of equally long rows.
  public init(rows: [[Double]]) {
    self.init(shape: [rows.count, rows[0].count], values: Array(rows.joined()))
  }

  /// An array filled with one value.
  public init(shape: [Int], repeating value: Double) {
    self.init(shape: shape, values: Array(repeating: value, count: shape.reduce(1, *)))
  }

  /// The number of elements.
  public var count: Int { values.count }

  /// The element at an index for each axis.
  public subscript(indices: Int...) -> Double {
    get { values[offset(of: indices, in: shape)] }
    set { values[offset(of: indices, in: shape)] = newValue }
  }

  /// The array with all axes reversed: the point reflection that turns convolution into correlation.
  public var reversed: NaiveArray {
    NaiveArray(shape: shape, values: values.reversed())
  }
}

/// An array of complex numbers as an array of real and one of imaginary parts.
public struct NaiveComplexArray: Equatable, Sendable {
  /// The real parts.
  public var real: NaiveArray
  /// The imaginary parts.
  public var imaginary: NaiveArray

  /// An array of parts that must have one shape.
  public init(real: NaiveArray, imaginary: NaiveArray) {
    precondition(real.shape == imaginary.shape, "Both parts must have one shape")
    self.real = real
    self.imaginary = imaginary
  }

  /// A real array as a complex one.
  public init(_ real: NaiveArray) {
    self.init(real: real, imaginary: NaiveArray(shape: real.shape, repeating: 0))
  }

  /// The extents of both parts.
  public var shape: [Int] { real.shape }

  /// The complex conjugates.
  public var conjugate: NaiveComplexArray {
    let negated = NaiveArray(shape: shape, values: imaginary.values.map { -$0 })
    return NaiveComplexArray(real: real, imaginary: negated)
  }

  /// The array with all axes reversed.
  public var reversed: NaiveComplexArray {
    NaiveComplexArray(real: real.reversed, imaginary: imaginary.reversed)
  }
}

/// What the definitions don't cover.
public enum NaiveError: Error, Equatable {
  /// 'valid' needs one of the arrays to be at least as large as the other along every axis.
  case validNeedsDominance
  /// The centre lies outside the kernel.
  case centreOutsideKernel
  /// Two arrays that must have equal axes or equal shapes differ.
  case shapesDiffer
  /// A window or template is larger than the array.
  case windowTooLarge
}

/// The extents as three axes, missing outer ones being 1.
func threeAxes(_ shape: [Int]) -> [Int] {
  Array(repeating: 1, count: 3 - shape.count) + shape
}

/// The row-major index of a position.
func offset(of indices: [Int], in shape: [Int]) -> Int {
  precondition(indices.count == shape.count, "One index for each axis expected")
  var offset = 0
  for axis in shape.indices {
    precondition((0..<shape[axis]).contains(indices[axis]), "The index lies outside the array")
    offset = offset * shape[axis] + indices[axis]
  }
  return offset
}

/// Every position of a shape in row-major order.
func positions(in shape: [Int]) -> [[Int]] {
  shape.reduce([[]]) { outer, extent in
    outer.flatMap { position in (0..<extent).map { position + [$0] } }
  }
}
