import ComplexModule
import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Pairs of complex rows", .standardCosts)
struct ComplexRowPairTests {
  /// Rows fewer than the others, more, and one alone; more than one block of the product.
  @Test(
    "Products agree with the textbook loops", arguments: [[17, 13], [5, 400], [1, 9], [9, 1]])
  func reference(rows: [Int]) throws {
    var samples = RandomSamples(seed: 0x66)
    let a = try samples.complex(Shape(rows: rows[0], columns: 23))
    let b = try samples.complex(Shape(rows: rows[1], columns: 23))
    let expected = try NaiveComplexArray(a).rowProducts(with: NaiveComplexArray(b))
    #expect(relativeL2Error(try a.rowPairs(with: b), expected) < 1e-6)
    let double = try a.inDouble.rowPairs(with: b.inDouble)
    #expect(relativeL2Error(double, expected) < 1e-14)
  }

  @Test("It is the correlation in mode 'valid' of each pair of rows")
  func correlation() throws {
    var samples = RandomSamples(seed: 0x67)
    let a = try samples.complex(Shape(rows: 1, columns: 31)).inDouble
    let b = try samples.complex(Shape(rows: 1, columns: 31)).inDouble
    let valid = try a.reshaped(to: Shape<1>(count: 31)).correlated(
      with: b.reshaped(to: Shape<1>(count: 31)), options: ConvolutionOptions(mode: .valid))
    #expect(try (a.rowPairs(with: b)[0, 0] - valid[0]).magnitude < 1e-13)
  }

  @Test("A matrix with itself gives the same, Hermitian to the last bit", arguments: [1, 6, 390])
  func hermitian(rows: Int) throws {
    var samples = RandomSamples(seed: 0x68)
    let a = try samples.complex(Shape(rows: rows, columns: 5))
    let alone = try a.rowPairs()
    let expected = try NaiveComplexArray(a).rowProducts(with: NaiveComplexArray(a))
    #expect(relativeL2Error(alone, expected) < 1e-6)
    #expect(relativeL2Error(try a.inDouble.rowPairs(), expected) < 1e-14)
    for i in 0..<rows {
      #expect(alone[i, i].rawStorage.y == 0)
      #expect((0..<i).allSatisfy { alone[i, $0] == alone[$0, i].conjugate })
    }
  }

  @Test("NaN and infinity reach only the parts of their own rows that hold them")
  func nonFinite() throws {
    var samples = RandomSamples(seed: 0x69)
    var a = try samples.complex(Shape(rows: 5, columns: 9))
    var b = try samples.complex(Shape(rows: 6, columns: 9))
    a[1, 2] = Complex(.nan, 1)
    a[3, 4] = Complex(.infinity, -2)
    b[2, 8] = Complex(0, -.infinity)
    let expected = try NaiveComplexArray(a).rowProducts(with: NaiveComplexArray(b))
    #expect(relativeL2Error(try a.rowPairs(with: b), expected) < 1e-6)
    let itself = try NaiveComplexArray(a).rowProducts(with: NaiveComplexArray(a))
    #expect(relativeL2Error(try a.rowPairs(), itself) < 1e-6)
  }

  @Test("Rows of different lengths, empty matrices and too little memory are refused")
  func refusals() throws {
    let a = Image<Complex<Float>>(shape: [2, 3], repeating: .one)
    #expect(throws: ConcordError.rowLengthsDiffer(expected: 3, found: 4)) {
      try a.rowPairs(with: Image(shape: [2, 4], repeating: .one))
    }
    #expect(throws: ConcordError.empty(what: "a matrix")) {
      try Image<Complex<Float>>(shape: [2, 0], repeating: .one).rowPairs()
    }
    #expect(throws: ConcordError.empty(what: "a matrix")) {
      try a.rowPairs(with: Image(shape: [0, 3], repeating: .one))
    }
    // Copies of six elements, and of a result of ten and of four.
    let b = Image<Complex<Float>>(shape: [5, 3], repeating: .one)
    #expect(throws: ConcordError.memoryLimit(needed: 128, limit: 127)) {
      try b.rowPairs(with: a, memoryLimit: 127)
    }
    #expect(throws: Never.self) { try b.rowPairs(with: a, memoryLimit: 128) }
    #expect(throws: ConcordError.memoryLimit(needed: 80, limit: 79)) {
      try a.rowPairs(memoryLimit: 79)
    }
  }
}
