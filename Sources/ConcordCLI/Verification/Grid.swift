import Concord

/// An array as plain numbers with three axes, for sums by definition.
struct Grid {
  /// Planes, rows, columns.
  let extents: [Int]
  private let values: [Complex<Double>]

  init<let rank: Int, Element: CommandElement>(_ array: NDArray<rank, Element>) {
    extents = Grid.threeAxes(array.shape.components, filler: 1)
    let source = array.span
    var values: [Complex<Double>] = []
    values.reserveCapacity(source.count)
    for index in source.indices { values.append(source[index].complexDouble) }
    self.values = values
  }

  /// The number of elements.
  var count: Int { values.count }

  /// The value at a position inside.
  subscript(plane: Int, row: Int, column: Int) -> Complex<Double> {
    values[(plane * extents[1] + row) * extents[2] + column]
  }

  /// One plane.
  func plane(_ index: Int) -> Grid {
    let count = extents[1] * extents[2]
    return Grid(
      extents: [1, extents[1], extents[2]],
      values: Array(values[index * count..<(index + 1) * count]))
  }

  private init(extents: [Int], values: [Complex<Double>]) {
    self.extents = extents
    self.values = values
  }

  /// A list with one entry for each axis, filled up in front.
  static func threeAxes<Value>(_ list: [Value], filler: Value) -> [Value] {
    Array(repeating: filler, count: 3 - list.count) + list
  }

  /// The index inside `0..<extent` that stands for one outside; nil where nothing does.
  static func index(_ index: Int, extent n: Int, boundary: Boundary) -> Int? {
    if index >= 0 && index < n { return index }
    func modulo(_ value: Int, _ period: Int) -> Int {
      let rest = value % period
      return rest < 0 ? rest + period : rest
    }
    switch boundary {
    case .constant, .renormalize: return nil
    case .replicate: return index < 0 ? 0 : n - 1
    case .wrap: return modulo(index, n)
    case .symmetric:
      let i = modulo(index, 2 * n)
      return i < n ? i : 2 * n - 1 - i
    case .reflect:
      if n == 1 { return 0 }
      let i = modulo(index, 2 * n - 2)
      return i < n ? i : 2 * n - 2 - i
    }
  }
}

extension Boundary {
  /// The value beyond the edges where no element of the image stands for it.
  var outsideValue: Double {
    if case .constant(let value) = self { return value }
    return 0
  }
}
