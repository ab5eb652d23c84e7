import ConcordArrays
import ConcordBackends

/// The sums of a row of places, each in an array from an element on.
struct PlaceLines: Sendable {
  struct Line: Sendable {
    let values: SharedBuffer<Double>
    let start: Int

    subscript(index: Int) -> Double { values[start + index] }
  }

  let product: Line
  let value: Line
  /// Of no use to products, which have another in its place.
  let square: Line
  let rootValue: Line
  let count: Line
  let sum: Line
  let squares: Line
  let rootCount: Line
  let rootSum: Line
  /// The template's sums, where they are the same for the whole row.
  var same: TemplateSums?

  /// The sums of a place of the row.
  subscript(index: Int) -> PlaceSums {
    PlaceSums(
      product: product[index], value: value[index], square: square[index],
      rootValue: rootValue[index],
      template: TemplateSums(
        count: count[index], sum: sum[index], squares: squares[index],
        rootCount: rootCount[index], rootSum: rootSum[index]))
  }
}

extension MaskedRule {
  /// Scores a row of places, and adds to `uncertain` those that rounding may have spoilt.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func score(
    _ lines: PlaceLines, columns: Int, from first: Int, into out: inout MutableSpan<Scalar>,
    _ uncertain: inout [Int]
  ) {
    if let same = lines.same {
      return score(lines, same, columns: columns, from: first, into: &out, &uncertain)
    }
    let (product, value, square) = (lines.product, lines.value, lines.square)
    let (rootValue, count, sum) = (lines.rootValue, lines.count, lines.sum)
    let (squares, rootCount, rootSum) = (lines.squares, lines.rootCount, lines.rootSum)
    let products = product.values.span.extracting(product.start..<product.start + columns)
    let values = value.values.span.extracting(value.start..<value.start + columns)
    let powers = square.values.span.extracting(square.start..<square.start + columns)
    let rootValues = rootValue.values.span.extracting(rootValue.start..<rootValue.start + columns)
    let counts = count.values.span.extracting(count.start..<count.start + columns)
    let templateSums = sum.values.span.extracting(sum.start..<sum.start + columns)
    let templateSquares = squares.values.span.extracting(squares.start..<squares.start + columns)
    let rootCounts = rootCount.values.span.extracting(rootCount.start..<rootCount.start + columns)
    let rootSums = rootSum.values.span.extracting(rootSum.start..<rootSum.start + columns)
    for index in 0..<columns {
      var number = counts[index]
      // Numbers of elements are whole.
      if isBinary { number = number.rounded() }
      let rootNumber = isBinary ? number : rootCounts[index]
      let (score, isCertain) = score(
        PlaceSums(
          product: products[index], value: values[index], square: powers[index],
          rootValue: rootValues[index],
          template: TemplateSums(
            count: number, sum: templateSums[index], squares: templateSquares[index],
            rootCount: rootNumber, rootSum: rootSums[index])))
      out[first + index] = Scalar(score)
      if !isCertain { uncertain.append(index) }
    }
  }

  /// The same where all of the template counts.
  @inline(__always)
  private func score(
    _ lines: PlaceLines, _ template: TemplateSums, columns: Int, from first: Int,
    into out: inout MutableSpan<Scalar>, _ uncertain: inout [Int]
  ) {
    let (product, value) = (lines.product, lines.value)
    let (square, rootValue) = (lines.square, lines.rootValue)
    let products = product.values.span.extracting(product.start..<product.start + columns)
    let values = value.values.span.extracting(value.start..<value.start + columns)
    let powers = square.values.span.extracting(square.start..<square.start + columns)
    let rootValues = rootValue.values.span.extracting(rootValue.start..<rootValue.start + columns)
    for index in 0..<columns {
      let (score, isCertain) = score(
        PlaceSums(
          product: products[index], value: values[index], square: powers[index],
          rootValue: rootValues[index], template: template))
      out[first + index] = Scalar(score)
      if !isCertain { uncertain.append(index) }
    }
  }
}
