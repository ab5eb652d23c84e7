import ConcordKernels

/// Three run-time axes: plane, row, column.
///
/// Arrays of lower rank have extent 1 in front.
package struct Extents: Hashable, Sendable, CustomStringConvertible {
  package var planes: Int
  package var rows: Int
  package var columns: Int

  package init(_ planes: Int, _ rows: Int, _ columns: Int) {
    self.planes = planes
    self.rows = rows
    self.columns = columns
  }

  package init(_ make: (Int) -> Int) {
    self.init(make(0), make(1), make(2))
  }

  package var count: Int { planes * rows * columns }

  package subscript(axis: Int) -> Int {
    get { axis == 0 ? planes : axis == 1 ? rows : columns }
    set {
      switch axis {
      case 0: planes = newValue
      case 1: rows = newValue
      default: columns = newValue
      }
    }
  }

  package var description: String { "\(planes) × \(rows) × \(columns)" }

  var c: concord_extents { concord_extents(planes: planes, rows: rows, columns: columns) }
}

/// How an array goes on beyond its edges, with the value that `constant` takes.
package struct Extension: Hashable, Sendable {
  package enum Rule: Int32, Hashable, Sendable {
    case constant = 0
    case replicate = 1
    case symmetric = 2
    case reflect = 3
    case wrap = 4
  }

  package var rule: Rule
  package var value: Double

  package init(_ rule: Rule, value: Double = 0) {
    self.rule = rule
    self.value = value
  }

  /// The position inside `0..<extent` that `index` stands for; nil where the constant does.
  package func index(_ index: Int, extent: Int) -> Int? {
    let position = concord_boundary_index(index, extent, rule.rawValue)
    return position < 0 ? nil : position
  }
}
