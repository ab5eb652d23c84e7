import Concord
import ConcordFiles

/// A type of elements that commands compute with: Float, Double, and complex numbers of both.
protocol CommandElement: ArrayElement {
  /// The precision of its numbers.
  static var precision: Precision { get }

  /// The channels of a file.
  static func read<let rank: Int>(
    _ file: FileArray
  ) throws(ConcordError) -> [NDArray<rank, Self>]

  /// Writes the channels of a result.
  static func write<let rank: Int>(
    _ channels: [NDArray<rank, Self>], to path: String, range: ClosedRange<Double>?
  ) throws(ConcordError)

  /// Prepares an operation for images of a shape.
  static func prepare<let rank: Int>(
    _ operation: some ImageOperation, for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, Self>

  /// The element as a complex number of Doubles.
  var complexDouble: Complex<Double> { get }
}

extension CommandElement where Self: RealScalar {
  static func read<let rank: Int>(
    _ file: FileArray
  ) throws(ConcordError) -> [NDArray<rank, Self>] {
    try file.channelArrays()
  }

  static func write<let rank: Int>(
    _ channels: [NDArray<rank, Self>], to path: String, range: ClosedRange<Double>?
  ) throws(ConcordError) {
    try ArrayFile.write(channels: channels, to: path, range: range)
  }

  static func prepare<let rank: Int>(
    _ operation: some ImageOperation, for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, Self> {
    try operation.prepare(for: shape)
  }

  var complexDouble: Complex<Double> { Complex(Double(self), 0) }
}

extension Float: CommandElement {
  static var precision: Precision { .float }
}

extension Double: CommandElement {
  static var precision: Precision { .double }
}

extension Complex: CommandElement where RealType: RealScalar & CommandElement {
  static var precision: Precision { RealType.precision }

  static func read<let rank: Int>(
    _ file: FileArray
  ) throws(ConcordError) -> [NDArray<rank, Complex<RealType>>] {
    [try file.complexArray()]
  }

  static func write<let rank: Int>(
    _ channels: [NDArray<rank, Complex<RealType>>], to path: String, range: ClosedRange<Double>?
  ) throws(ConcordError) {
    for channel in channels { try ArrayFile.writeComplex(channel, to: path) }
  }

  static func prepare<let rank: Int>(
    _ operation: some ImageOperation, for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, Complex<RealType>> {
    try operation.prepareComplex(for: shape)
  }

  var complexDouble: Complex<Double> {
    Complex<Double>(Double(rawStorage.x), Double(rawStorage.y))
  }
}
