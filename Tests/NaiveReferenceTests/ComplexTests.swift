import NaiveReference
import Testing

@Suite("Complex numbers in the oracle")
struct ComplexTests {
  private let i = NaiveComplexArray(real: NaiveArray([0]), imaginary: NaiveArray([1]))

  @Test("i·i is -1 in a convolution and 1 in a correlation")
  func conjugation() throws {
    let squared = try i.filtered(with: i, NaiveFilter(.convolution, mode: .full))
    #expect(squared == NaiveComplexArray(NaiveArray([-1])))
    let energy = try i.filtered(with: i, NaiveFilter(.correlation, mode: .full))
    #expect(energy == NaiveComplexArray(NaiveArray([1])))
  }

  @Test("Mode valid with the arrays swapped reverses and conjugates a correlation")
  func swapped() throws {
    let long = NaiveComplexArray(
      real: NaiveArray([1, 2, 3]), imaginary: NaiveArray([0, 1, -1]))
    let short = NaiveComplexArray(real: NaiveArray([1, 0]), imaginary: NaiveArray([2, 1]))
    let filter = NaiveFilter(.correlation, mode: .valid)
    // Lag 0: 1·(1 - 2i) + (2 + i)(-i); lag 1: (2 + i)(1 - 2i) + (3 - i)(-i).
    let direct = try long.filtered(with: short, filter)
    #expect(direct.real.values == [2, 3])
    #expect(direct.imaginary.values == [-4, -6])
    let swapped = try short.filtered(with: long, filter)
    #expect(swapped.real.values == [3, 2])
    #expect(swapped.imaginary.values == [6, 4])
  }

  @Test("A constant beyond the edges is real; other rules extend both parts")
  func boundaries() throws {
    let signal = NaiveComplexArray(real: NaiveArray([1, 2]), imaginary: NaiveArray([3, 4]))
    let shift = NaiveComplexArray(NaiveArray([1, 0, 0]))
    let constant = try signal.filtered(
      with: shift, NaiveFilter(.correlation, mode: .same, boundary: .constant(9)))
    #expect(constant.real.values == [9, 1])
    #expect(constant.imaginary.values == [0, 3])
    let wrapped = try signal.filtered(
      with: shift, NaiveFilter(.correlation, mode: .same, boundary: .wrap))
    #expect(wrapped.real.values == [2, 1])
    #expect(wrapped.imaginary.values == [4, 3])
  }

  @Test("Real numbers written as complex ones give the real result")
  func realNumbers() throws {
    let image = NaiveArray(rows: [[1, -2, 3], [4, 5, -6]])
    let kernel = NaiveArray(rows: [[1, 2], [-1, 3]])
    for boundary in NaiveBoundary.all {
      for mode in NaiveMode.allCases {
        let filter = NaiveFilter(.correlation, mode: mode, boundary: boundary)
        let real = try image.filtered(with: kernel, filter)
        let complex = try NaiveComplexArray(image).filtered(
          with: NaiveComplexArray(kernel), filter)
        #expect(agree(complex.real, real), "\(mode) \(boundary)")
      }
    }
  }
}
