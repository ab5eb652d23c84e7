extension NDArray where rank == 1 {
  /// A signal of the given elements.
  public init(_ elements: [Scalar]) {
    self.init(uninitialized: Shape(count: elements.count))
    var out = mutableSpan
    copy(elements.span, into: &out, at: 0)
  }

  /// The element at an index.
  @inlinable
  public subscript(index: Int) -> Scalar {
    get { self[Position<1> { _ in index }] }
    set { self[Position<1> { _ in index }] = newValue }
  }
}

extension NDArray where rank == 2 {
  /// An image of the given rows.
  ///
  /// - Throws: ``ConcordError/rowLengthsDiffer(expected:found:)`` if the rows differ in length.
  public init(rows: [[Scalar]]) throws(ConcordError) {
    let columns = rows.first?.count ?? 0
    for row in rows where row.count != columns {
      throw .rowLengthsDiffer(expected: columns, found: row.count)
    }
    self.init(uninitialized: Shape(rows: rows.count, columns: columns))
    var out = mutableSpan
    for (index, row) in rows.enumerated() { copy(row.span, into: &out, at: index * columns) }
  }

  /// The number of rows.
  public var rows: Int { shape.rows }

  /// The number of columns.
  public var columns: Int { shape.columns }

  /// The element at a row and column.
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get { self[Position(row: row, column: column)] }
    set { self[Position(row: row, column: column)] = newValue }
  }
}

extension NDArray where rank == 3 {
  /// A volume of equally large planes.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` if the planes differ in shape.
  public init(planes: [Image<Scalar>]) throws(ConcordError) {
    let first = planes.first?.shape ?? Shape(rows: 0, columns: 0)
    for plane in planes where plane.shape != first {
      throw .shapesDiffer(expected: first.components, found: plane.shape.components)
    }
    self.init(
      uninitialized: Shape(planes: planes.count, rows: first.rows, columns: first.columns))
    var out = mutableSpan
    for (index, plane) in planes.enumerated() {
      copy(plane.span, into: &out, at: index * first.count)
    }
  }

  /// The element at a plane, row and column.
  @inlinable
  public subscript(plane: Int, row: Int, column: Int) -> Scalar {
    get { self[Position { $0 == 0 ? plane : $0 == 1 ? row : column }] }
    set { self[Position { $0 == 0 ? plane : $0 == 1 ? row : column }] = newValue }
  }
}
