import ComplexModule
import ConcordArrays
import ConcordBackends
import ConcordFiles
import Testing

@Suite struct NPYMappingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let floats = bytes([1, 2, 3, 4].map { ($0 as Float).bitPattern })

  @Test func nativeElementsAreMapped() throws {
    let path = try folder.put(npyBytes("<f4", shape: "(2, 2)", floats), as: "a.npy")
    let image: Image<Float> = try FileArray.read(path).array()
    #expect(image.buffer.isForeign)
    #expect(image.elements == [1, 2, 3, 4])
    let wide: Image<Double> = try FileArray.read(path).array()
    #expect(!wide.buffer.isForeign && wide.elements == [1, 2, 3, 4])
  }

  @Test func smallIntegersAreMappedToo() throws {
    let path = try folder.put(npyBytes("<u2", shape: "(2,)", [1, 0, 0, 1]), as: "a.npy")
    let stored: Signal<UInt16> = try FileArray.read(path).stored()
    #expect(stored.buffer.isForeign && stored.elements == [1, 256])
    #expect(throws: ConcordError.self) {
      let _: Signal<Int16> = try FileArray.read(path).stored()
    }
  }

  @Test func complexNumbersAreMappedToo() throws {
    let path = try folder.put(npyBytes("<c8", shape: "(2,)", floats), as: "a.npy")
    let signal: Signal<Complex<Float>> = try FileArray.read(path).complexArray()
    #expect(signal.buffer.isForeign && signal.elements == [Complex(1, 2), Complex(3, 4)])
  }

  @Test func misalignedElementsAreCopied() throws {
    let path = try folder.put(npyBytes("<f4", shape: "(2, 2)", extraSpaces: 2, floats), as: "a.npy")
    let image: Image<Float> = try FileArray.read(path).array()
    #expect(!image.buffer.isForeign && image.elements == [1, 2, 3, 4])
  }

  @Test func writingToAMappedArrayLeavesTheFile() throws {
    let path = try folder.put(npyBytes("<f4", shape: "(2, 2)", floats), as: "a.npy")
    var image: Image<Float> = try FileArray.read(path).array()
    image[0, 0] = 9
    #expect(!image.buffer.isForeign)
    #expect((try FileArray.read(path).array() as Image<Float>).elements == [1, 2, 3, 4])
  }

  @Test func anArrayOutlivesTheReplacementOfItsFile() throws {
    let path = try folder.put(npyBytes("<f4", shape: "(2, 2)", floats), as: "a.npy")
    let old: Image<Float> = try FileArray.read(path).array()
    try ArrayFile.write(Image<Float>(rows: [[11, 12], [13, 14]]), to: path)
    #expect(old.elements == [1, 2, 3, 4])
    #expect((try FileArray.read(path).array() as Image<Float>).elements == [11, 12, 13, 14])
  }
}
