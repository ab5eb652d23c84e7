import ComplexModule
import ConcordArrays
import ConcordFiles
import Testing

@Suite struct NPYReadTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ bytes: [UInt8]) throws -> FileArray {
    try FileArray.read(try folder.put(bytes, as: "a.npy"))
  }

  @Test(arguments: [false, true]) func readsIntegers(bigEndian: Bool) throws {
    let order = bigEndian ? ">" : "<"
    func values(_ type: String, _ elements: [UInt8]) throws -> [Double] {
      let file = try read(npyBytes(order + type, shape: "(3,)", elements))
      #expect(file.shape == [3])
      let signal: Signal<Double> = try file.array()
      return signal.elements
    }
    #expect(try values("u1", [0, 7, 255]) == [0, 7, 255])
    #expect(try values("i1", [0, 127, 0x80]) == [0, 127, -128])
    #expect(
      try values("u2", bytes([0, 258, 65535] as [UInt16], bigEndian: bigEndian)) == [0, 258, 65535])
    #expect(
      try values("i2", bytes([-1, 258, -32768] as [Int16], bigEndian: bigEndian)) == [
        -1, 258, -32768,
      ])
    #expect(
      try values("u4", bytes([1, 4_294_967_295, 66051] as [UInt32], bigEndian: bigEndian)) == [
        1, 4_294_967_295, 66051,
      ])
    #expect(
      try values("i4", bytes([-2, 66051, .min] as [Int32], bigEndian: bigEndian)) == [
        -2, 66051, -2_147_483_648,
      ])
    #expect(
      try values("u8", bytes([1 << 40, 3, 4] as [UInt64], bigEndian: bigEndian)) == [0x1p40, 3, 4])
    #expect(
      try values("i8", bytes([-(1 << 40), 3, 4] as [Int64], bigEndian: bigEndian)) == [
        -0x1p40, 3, 4,
      ])
  }

  @Test(arguments: [false, true]) func readsFloats(bigEndian: Bool) throws {
    let order = bigEndian ? ">" : "<"
    let single = bytes([1.5, -0.25, 1e30].map { ($0 as Float).bitPattern }, bigEndian: bigEndian)
    let singles: Signal<Float> = try read(npyBytes(order + "f4", shape: "(3,)", single)).array()
    #expect(singles.elements == [1.5, -0.25, 1e30])
    let double = bytes([1.5, -0.25, 1e300].map { ($0 as Double).bitPattern }, bigEndian: bigEndian)
    let doubles: Signal<Double> = try read(npyBytes(order + "f8", shape: "(3,)", double)).array()
    #expect(doubles.elements == [1.5, -0.25, 1e300])
  }

  /// 1, -2, the largest, the smallest, the smallest normal, infinity, negative zero, NaN.
  @Test func readsHalfPrecision() throws {
    let halves: [UInt16] = [0x3C00, 0xC000, 0x7BFF, 0x0001, 0x0400, 0x7C00, 0x8000, 0x7E00]
    let file = try read(npyBytes("<f2", shape: "(8,)", bytes(halves)))
    #expect(file.elementType == .float16)
    let values = (try file.array() as Signal<Double>).elements
    #expect(values[..<6] == [1, -2, 65504, 0x1p-24, 0x1p-14, .infinity])
    #expect(values[6] == 0 && values[6].sign == .minus)
    #expect(values[7].isNaN)
  }

  @Test func readsBoolWhateverStandsForTrue() throws {
    let file = try read(npyBytes("|b1", shape: "(2, 2)", [0, 1, 2, 255]))
    #expect(file.elementType == .bool)
    let image: Image<Float> = try file.array()
    #expect(image.elements == [0, 1, 1, 1])
  }

  @Test(arguments: [false, true]) func readsComplexNumbers(bigEndian: Bool) throws {
    let order = bigEndian ? ">" : "<"
    let parts = bytes([1, 2, -3, 0.5].map { ($0 as Float).bitPattern }, bigEndian: bigEndian)
    let file = try read(npyBytes(order + "c8", shape: "(2,)", parts))
    #expect(file.isComplex && file.elementType == .complex64)
    let single: Signal<Complex<Float>> = try file.complexArray()
    #expect(single.elements == [Complex(1, 2), Complex(-3, 0.5)])
    let double: Signal<Complex<Double>> = try file.complexArray()
    #expect(double.elements == [Complex(1, 2), Complex(-3, 0.5)])
    #expect(throws: ConcordError.self) { let _: Signal<Float> = try file.array() }
    let wide = bytes([1, 2, -3, 0.5].map { ($0 as Double).bitPattern }, bigEndian: bigEndian)
    let fromDouble: Signal<Complex<Float>> = try read(
      npyBytes(order + "c16", shape: "(2,)", wide)
    ).complexArray()
    #expect(fromDouble.elements == [Complex(1, 2), Complex(-3, 0.5)])
  }

  @Test func realFilesGiveComplexArrays() throws {
    let file = try read(npyBytes("|u1", shape: "(2,)", [3, 4]))
    let values: Signal<Complex<Float>> = try file.complexArray()
    #expect(values.elements == [Complex(3, 0), Complex(4, 0)])
  }

  /// Elements count up in the order of memory, where the first index runs fastest.
  @Test func readsFortranOrder() throws {
    let image: Image<Float> = try read(
      npyBytes("|u1", fortran: true, shape: "(2, 3)", [0, 1, 2, 3, 4, 5])
    ).array()
    #expect(image.elements == [0, 2, 4, 1, 3, 5])
    let volume: Volume<Double> = try read(
      npyBytes(
        ">u2", fortran: true, shape: "(2, 3, 2)", bytes(Array(0..<12) as [UInt16], bigEndian: true))
    ).array()
    for plane in 0..<2 {
      for row in 0..<3 {
        for column in 0..<2 {
          #expect(volume[plane, row, column] == Double(plane + 2 * row + 6 * column))
        }
      }
    }
    // Larger than the squares in which elements are reordered.
    let many = bytes((0..<(70 * 41)).map { UInt32($0) })
    let large: Image<Double> = try read(
      npyBytes("<u4", fortran: true, shape: "(70, 41)", many)
    ).array()
    #expect(large[69, 40] == 69 + 70 * 40 && large[33, 35] == 33 + 70 * 35)
    let complex: Image<Complex<Double>> = try read(
      npyBytes("<c16", fortran: true, shape: "(2, 2)", bytes((0..<8).map { Double($0).bitPattern }))
    ).complexArray()
    #expect(complex.elements == [Complex(0, 1), Complex(4, 5), Complex(2, 3), Complex(6, 7)])
  }

  @Test(arguments: [1, 2, 3] as [UInt8]) func readsEveryVersion(version: UInt8) throws {
    let file = try read(npyBytes("|u1", shape: "(1, 2)", version: version, [8, 9]))
    #expect(file.shape == [1, 2])
    #expect((try file.array() as Image<Float>).elements == [8, 9])
  }

  @Test func readsHeadersOfOldPython() throws {
    let header = "{\"shape\": (2L, 1L),\t'fortran_order' :False ,'descr':\"|u1\"}"
    #expect(try read(npyBytes(header: header, [8, 9])).shape == [2, 1])
  }

  @Test func anArrayWithoutAxesIsASignal() throws {
    let file = try read(npyBytes("|u1", shape: "()", [42]))
    #expect(file.shape == [1])
    #expect((try file.array() as Signal<Float>).elements == [42])
  }

  @Test func dropsLeadingAxesOfOneElement() throws {
    #expect(try read(npyBytes("|u1", shape: "(1, 1, 2, 1, 2)", [1, 2, 3, 4])).shape == [2, 1, 2])
    #expect(try read(npyBytes("|u1", shape: "(1, 2, 2)", [1, 2, 3, 4])).shape == [1, 2, 2])
    #expect(
      problem(
        reading: try folder.put(npyBytes("|u1", shape: "(2, 1, 1, 2)", [1, 2, 3, 4]), as: "b.npy"))
        == "expected 1 to 3 dimensions, found 4 (2 × 1 × 1 × 2)")
  }

  @Test func readsArraysWithoutElements() throws {
    let image: Image<Float> = try read(npyBytes("<f4", shape: "(0, 5)", [])).array()
    #expect(image.shape == [0, 5])
  }

  @Test func ignoresWhatFollowsTheElements() throws {
    #expect(
      (try read(npyBytes("|u1", shape: "(2,)", [1, 2, 3])).array() as Signal<Float>).elements == [
        1, 2,
      ])
  }

  @Test func anotherNumberOfDimensionsIsAnError() throws {
    let file = try read(npyBytes("|u1", shape: "(2, 3)", [1, 2, 3, 4, 5, 6]))
    #expect(
      throws: ConcordError.file(path: file.path, problem: "expected 3 dimensions, found 2 (2 × 3)")
    ) { let _: Volume<Float> = try file.array() }
    #expect(
      throws: ConcordError.file(path: file.path, problem: "expected 1 dimension, found 2 (2 × 3)")
    ) { let _: Signal<Float> = try file.array() }
  }
}
