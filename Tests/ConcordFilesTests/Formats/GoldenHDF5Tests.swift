import ConcordArrays
import ConcordFiles
import Testing

@Suite struct GoldenHDF5Tests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [
    (GoldenFiles.hdf5Contiguous, ElementType.float32, 0.25, -10.0),
    (GoldenFiles.hdf5Old, .float32, 0.25, -10),
    (GoldenFiles.hdf5Packed, .int16, 1, -50),
    (GoldenFiles.hdf5OldPacked, .uint16, 100, 0),
    (GoldenFiles.hdf5Checked, .float64, 0.25, -10),
  ])
  func readsTheStoredValues(
    _ golden: GoldenFile, _ type: ElementType, _ factor: Double, _ offset: Double
  ) throws {
    let file = try FileArray.read(try folder.put(golden))
    #expect(file.elementType == type)
    let values = Volume(shape: [3, 4, 5]) { factor * pattern($0[0], $0[1], $0[2]) + offset }
    #expect(try file.array() == values)
  }

  @Test func readsEveryKindOfNumber() throws {
    let path = try folder.put(GoldenFiles.hdf5Kinds.bytes, as: "kinds.h5ad")
    let big = try FileArray.read(path + ":/big")
    #expect(big.elementType == .int16)
    #expect(
      try big.array() == Image<Float>(shape: [4, 5]) { Float(pattern($0.row, $0.column) - 50) })
    let half = try FileArray.read(path + ":/half")
    #expect(half.elementType == .float16)
    #expect(
      try half.array() == Image(shape: [4, 5]) { 0.25 * pattern($0.row, $0.column) - 10 })
    let bool = try FileArray.read(path + ":/bool")
    #expect(bool.elementType == .bool)
    #expect(try bool.array() == Image<Float>(shape: [4, 5]) { Float($0.column % 2) })
    let scalar: Signal<Double> = try FileArray.read(path + ":/scalar").array()
    #expect(scalar.elements == [3.5])
    #expect(try FileArray.read(path + ":/leading").shape == [1, 4, 5])
  }

  @Test func datasetsOfOtherKindsAreErrors() throws {
    let path = try folder.put(GoldenFiles.hdf5Kinds.bytes, as: "kinds.hdf5")
    #expect(
      problem(reading: path + ":/complex") == "expected real numbers, found compound of 8 bytes")
    #expect(
      problem(reading: path + ":/text")?.hasPrefix("expected real numbers, found string") == true)
    #expect(
      problem(reading: path + ":/many") == "expected 1 to 3 dimensions, found 4 (2 × 2 × 2 × 2)")
  }

  @Test func errorsListTheDatasetsThatExist() throws {
    let path = try folder.put(GoldenFiles.hdf5Kinds.bytes, as: "kinds.h5")
    let names = "/big, /bool, /complex, /half, /leading, /many, /scalar, /text"
    #expect(
      problem(reading: path)
        == "expected FILE:/path with the path of one of the datasets \(names), found no path")
    #expect(
      problem(reading: path + ":/nothing")
        == "expected one of the datasets \(names), found no dataset '/nothing'")
    #expect(try HDF5Dataset.datasets(of: path).joined(separator: ", ") == names)
    let nested = try folder.put(GoldenFiles.hdf5Old)
    #expect(
      problem(reading: nested + "/y")
        == "expected one of the datasets /g/x, found no dataset '/g/x/y'")
    #expect(
      problem(reading: nested.replacing(":/g/x", with: ":/g"))
        == "expected one of the datasets /g/x, found no dataset '/g'")
  }
}
