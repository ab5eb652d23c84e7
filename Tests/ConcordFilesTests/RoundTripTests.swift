import ComplexModule
import ConcordArrays
import ConcordFiles
import Testing

@Suite struct RoundTripTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let special: [Double] = [0, -0.0, 1.5, .infinity, -.infinity, 1e-40, 0.1, -3]

  @Test(arguments: ["npy", "tif", "csv"]) func imagesKeepTheirValues(_ ending: String) throws {
    let path = folder.file("a." + ending)
    let double = try Image<Double>(shape: [2, 4], elements: Self.special)
    try ArrayFile.write(double, to: path)
    let back: Image<Double> = try FileArray.read(path).array()
    #expect(back.elements.map(\.bitPattern) == double.elements.map(\.bitPattern))
    let single = try Image<Float>(shape: [4, 2], elements: Self.special.map { Float($0) })
    try ArrayFile.write(single, to: path)
    let file = try FileArray.read(path)
    #expect(file.elementType == (ending == "csv" ? .float64 : .float32))
    #expect((try file.array() as Image<Float>).elements == single.elements)
  }

  @Test(arguments: ["npy", "tiff"]) func volumesKeepTheirValues(_ ending: String) throws {
    let path = folder.file("a." + ending)
    let volume = Volume<Float>(shape: [3, 4, 5]) { Float(pattern($0[0], $0[1], $0[2])) }
    try ArrayFile.write(volume, to: path)
    #expect(try FileArray.read(path).array() == volume)
  }

  @Test func notANumberSurvives() throws {
    for ending in ["npy", "tif", "csv"] {
      try ArrayFile.write(
        Image<Float>(shape: [1, 2], repeating: .nan), to: folder.file("a." + ending))
      let back: Image<Float> = try FileArray.read(folder.file("a." + ending)).array()
      #expect(back.elements.allSatisfy { $0.isNaN })
    }
  }

  @Test func signalsKeepTheirValues() throws {
    let signal = Signal<Double>([1, 2, 3.25])
    for ending in ["npy", "csv", "tif"] {
      try ArrayFile.write(signal, to: folder.file("a." + ending))
      #expect(try FileArray.read(folder.file("a." + ending)).array() == signal)
    }
    #expect(try FileArray.read(folder.file("a.npy")).shape == [3])
    #expect(try FileArray.read(folder.file("a.csv")).shape == [3, 1])
    #expect(try FileArray.read(folder.file("a.tif")).shape == [1, 3])
  }

  @Test func complexNumbersKeepTheirValues() throws {
    let signal = Signal<Complex<Float>>([Complex(1, -2), Complex(0, .infinity)])
    try ArrayFile.writeComplex(signal, to: folder.file("a.npy"))
    let file = try FileArray.read(folder.file("a.npy"))
    #expect(file.elementType == .complex64)
    let back: Signal<Complex<Float>> = try file.complexArray()
    #expect(back[0] == signal[0] && back[1].rawStorage.y == .infinity)
    let double = Signal<Complex<Double>>([Complex(0.1, 0.2)])
    try ArrayFile.writeComplex(double, to: folder.file("b.npy"))
    #expect(try FileArray.read(folder.file("b.npy")).complexArray() == double)
    #expect(throws: ConcordError.self) {
      try ArrayFile.writeComplex(double, to: folder.file("b.tif"))
    }
  }

  /// What NumPy writes for `numpy.zeros((2, 3), 'f4')`.
  @Test func headersAreNumPys() throws {
    try ArrayFile.write(Image<Float>(shape: [2, 3], repeating: 0), to: folder.file("a.npy"))
    let header = npyBytes(
      header: "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3,), }",
      Array(repeating: 0, count: 24))
    #expect(try folder.bytes("a.npy") == header)
    #expect(header.count == 128 + 24)
  }

  @Test func colorImagesKeepTheirValues() throws {
    for channels in 1...4 {
      let image = try ColorImage<Float>(
        planes: (0..<channels).map { channel in
          Image(shape: [3, 4]) { Float(pattern($0.row, $0.column, channel: channel)) }
        })
      try ArrayFile.write(image, to: folder.file("a.tif"))
      let file = try FileArray.read(folder.file("a.tif"))
      #expect(file.channels == channels)
      #expect(try file.color() == image)
    }
  }

  @Test func arraysWithoutElementsKeepTheirShape() throws {
    try ArrayFile.write(Image<Float>(shape: [0, 3], repeating: 0), to: folder.file("a.npy"))
    #expect(try FileArray.read(folder.file("a.npy")).shape == [0, 3])
    for ending in ["png", "tif"] {
      #expect(throws: ConcordError.self) {
        try ArrayFile.write(
          Image<Float>(shape: [0, 3], repeating: 0), to: folder.file("a." + ending))
      }
    }
  }

  @Test(arguments: ["a.jpg", "a", "a.h5", "a.h5:/x", ".npy/b"]) func otherNamesAreErrors(
    _ name: String
  ) throws {
    #expect(
      throws: ConcordError.file(
        path: folder.file(name),
        problem: "expected a name that ends in .npy, .tif, .tiff, .png or .csv for writing, "
          + "found another")
    ) { try ArrayFile.write(Signal<Float>([1]), to: folder.file(name)) }
  }

  @Test(arguments: ["png", "csv"]) func volumesFitSomeFormatsOnly(_ ending: String) throws {
    #expect(throws: ConcordError.self) {
      try ArrayFile.write(
        Volume<Float>(shape: [2, 2, 2], repeating: 0), to: folder.file("a." + ending))
    }
    #expect(folder.names.isEmpty)
  }
}
