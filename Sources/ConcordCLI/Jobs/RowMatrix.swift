import Concord
import ConcordFiles

extension FileArray {
  /// Real rows; a signal is a matrix with one.
  func rowMatrix<S: RealScalar>(of scalar: S.Type) throws(ConcordError) -> Image<S> {
    guard rank == 1 else { return try array() }
    let row: Signal<S> = try array()
    return try row.reshaped(to: Shape(rows: 1, columns: row.count))
  }

  /// Complex rows; a signal is a matrix with one.
  func complexRowMatrix<S: RealScalar>(
    of scalar: S.Type
  ) throws(ConcordError) -> Image<Complex<S>> {
    guard rank == 1 else { return try complexArray() }
    let row: Signal<Complex<S>> = try complexArray()
    return try row.reshaped(to: Shape(rows: 1, columns: row.count))
  }
}

extension RowMeasure {
  /// Whether any of the files has complex rows, which have dot products alone.
  func isOfComplexRows(_ files: [FileArray]) throws(ConcordError) -> Bool {
    guard let complex = files.first(where: \.isComplex) else { return false }
    guard self == .dot else {
      throw .file(
        path: complex.path,
        problem: "expected real elements for measure '\(rawValue)' (or measure 'dot', for "
          + "complex ones), found \(complex.elementType.rawValue)")
    }
    return true
  }
}
