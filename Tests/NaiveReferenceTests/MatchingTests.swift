import NaiveReference
import Testing

@Suite("Template scores and row products of the oracle")
struct MatchingTests {
  @Test("The 6×6 example of scikit-image's documentation")
  func documented() throws {
    var template = NaiveArray(shape: [3, 3], repeating: 0)
    template[1, 1] = 1
    var image = NaiveArray(shape: [6, 6], repeating: 0)
    image[1, 1] = 1
    image[4, 4] = -1
    let scores = try image.zeroMeanNormalizedCorrelation(with: template)
    let expected = NaiveArray(rows: [
      [1, -0.125, 0, 0], [-0.125, -0.125, 0, 0], [0, 0, 0.125, 0.125], [0, 0, 0.125, -1],
    ])
    #expect(agree(scores, expected), "\(scores.values)")
  }

  @Test("Brightness and contrast don't change a score, and a flat window scores 0")
  func invariance() throws {
    let scene = NaiveArray([0.1, 0.1, 0.1, 5, 2, 7])
    let scores = try scene.zeroMeanNormalizedCorrelation(with: NaiveArray([2005, 2002, 2007]))
    #expect(scores[0] == 0)
    #expect(abs(scores[3] - 1) < 1e-12)
    let flat = try scene.zeroMeanNormalizedCorrelation(with: NaiveArray([0.1, 0.1, 0.1]))
    #expect(flat.values == [0, 0, 0, 0])
  }

  @Test("A template larger than the scene is refused")
  func tooLarge() {
    #expect(throws: NaiveError.windowTooLarge) {
      try NaiveArray([1, 2]).zeroMeanNormalizedCorrelation(with: NaiveArray([1, 2, 3]))
    }
  }

  @Test("Rows are multiplied pair by pair")
  func products() throws {
    let a = NaiveArray(rows: [[1, 2, 3], [4, 5, 6]])
    let b = NaiveArray(rows: [[1, 0, -1], [2, 2, 2], [0, 1, 0]])
    #expect(try a.rowProducts(with: b) == NaiveArray(rows: [[-2, 12, 2], [-2, 30, 5]]))
    let i = NaiveComplexArray(
      real: NaiveArray(rows: [[0, 1]]), imaginary: NaiveArray(rows: [[1, 0]]))
    let one = NaiveComplexArray(
      real: NaiveArray(rows: [[1, 1]]), imaginary: NaiveArray(rows: [[0, 2]]))
    // i·1 + 1·(1 - 2i)
    let product = try i.rowProducts(with: one)
    #expect(product.real.values == [1])
    #expect(product.imaginary.values == [-1])
    #expect(throws: NaiveError.shapesDiffer) {
      try a.rowProducts(with: NaiveArray(rows: [[1, 2]]))
    }
  }

  @Test("Ranks count smaller elements, and equal ones share them")
  func ranks() {
    let rows = NaiveArray(rows: [[30, -1, 0, 30], [2, 2, 2, -0.0]])
    #expect(rows.rowRanks == NaiveArray(rows: [[3.5, 1, 2, 3.5], [3, 3, 3, 1]]))
  }

  @Test("Pearson's correlation of small lists, by hand")
  func pearson() throws {
    #expect(abs(naivePearson([1, 2, 3], [2, 4, 6]) - 1) < 1e-15)
    #expect(abs(naivePearson([1, 2, 3], [3, 2, 1]) + 1) < 1e-15)
    // Deviations (-1, 0, 1) and (-1, 2, -1): orthogonal.
    #expect(naivePearson([1, 2, 3], [0, 3, 0]) == 0)
    #expect(abs(naivePearson([1, 2, 3, 4], [1, 3, 2, 4]) - 0.8) < 1e-15)
    #expect(naivePearson([1, 1], [1, 2]).isNaN)
    let rows = try NaiveArray(rows: [[1, 2, 3], [5, 5, 5]]).rowCorrelations(
      with: NaiveArray(rows: [[3, 2, 1]]))
    #expect(abs(rows[0, 0] + 1) < 1e-15)
    #expect(rows[1, 0].isNaN)
  }
}
