import NaiveReference
import Testing

@Suite("Renormalized edges of the oracle")
struct RenormalizeTests {
  @Test("Weights inside keep the sum of all weights")
  func keepsSum() throws {
    // Weights 1, 2, 3 on 10, 20: at the left edge (2·10 + 3·20)·6/5, at the right (1·10 + 2·20)·6/3.
    let result = try NaiveArray([10, 20]).correlated(
      with: NaiveArray([1, 2, 3]), mode: .same, boundary: .renormalize)
    #expect(result.values == [96, 100])
  }

  @Test("A constant array stays constant in mode full as well")
  func constant() throws {
    for mode in [NaiveMode.same, .full] {
      let result = try NaiveArray(shape: [3, 4], repeating: 7).convolved(
        with: NaiveArray(rows: [[1, 2], [3, 4], [5, 6]]), mode: mode, boundary: .renormalize)
      #expect(result.values.allSatisfy { abs($0 - 7 * 21) < 1e-12 })
    }
  }

  @Test("No weight inside, or weights that cancel, give NaN")
  func cancelled() throws {
    let result = try NaiveArray([1, 2, 3]).correlated(
      with: NaiveArray([5, 1, -1]), mode: .same, boundary: .renormalize)
    // Left: 1·1 - 1·2 with weights that sum to 0. Middle: all. Right: (5·2 + 1·3)·5/6.
    #expect(result[0].isNaN)
    #expect(result[1] == 5 + 2 - 3)
    #expect(abs(result[2] - 65.0 / 6) < 1e-12)
  }

  @Test("Complex weights are rescaled by their complex sums")
  func complexWeights() throws {
    // Weights 1 and i: alone on an edge, i is rescaled by (1 + i)/i = 1 - i to 1 + i.
    let weights = NaiveComplexArray(real: NaiveArray([1, 0]), imaginary: NaiveArray([0, 1]))
    let image = NaiveComplexArray(NaiveArray([2, 3]))
    let result = try image.filtered(
      with: weights, NaiveFilter(.convolution, mode: .full, boundary: .renormalize))
    #expect(agree(result.real, NaiveArray([2, 3, 3])))
    #expect(agree(result.imaginary, NaiveArray([2, 2, 3])))
  }

  @Test("Mode valid has no edges to renormalize")
  func valid() throws {
    let signal = NaiveArray([1, 5, 2])
    let kernel = NaiveArray([1, -1])
    #expect(
      try signal.convolved(with: kernel, mode: .valid, boundary: .renormalize).values == [4, -3])
  }
}
