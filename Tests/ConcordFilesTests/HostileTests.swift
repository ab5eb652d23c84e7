import ConcordArrays
import ConcordFiles
import Foundation
import Testing

/// Headers that claim what isn't there.
@Suite struct HostileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let elements = [UInt8](repeating: 7, count: 20)

  @Test(arguments: [
    ("(100000, 100000)", "expected 40000000000 bytes of elements, found 20"),
    ("(6,)", "expected 24 bytes of elements, found 20"),
    (
      "(9223372036854775807, 9)",
      "expected fewer elements than this machine can count, found a claim of "
        + "9223372036854775807 × 9"
    ),
    (
      "(9223372036854775807, 3, 0)",
      "expected fewer elements than this machine can count, found a claim of "
        + "9223372036854775807 × 3 × 0"
    ),
    (
      "(99999999999999999999,)",
      "expected extents of 0 to 9223372036854775807 in the header, found '99999999999999999999'"
    ),
    ("(-5, -1)", "expected extents of 0 to 9223372036854775807 in the header, found '-5'"),
    ("(1.5,)", "expected ')' in the header, found '.5,), }'"),
    ("(,)", "expected extents of 0 to 9223372036854775807 in the header, found ''"),
    ("5", "expected a value in the header, found '5, }'"),
  ])
  func arraysOfImpossibleShapes(_ shape: String, _ expected: String) throws {
    let found = problem(
      reading: try folder.put(npyBytes("<f4", shape: shape, elements), as: "a.npy"))
    #expect(found == expected)
  }

  @Test(arguments: [
    ("{", "expected a quoted text in the header, found its end"),
    ("", "expected '{' in the header, found its end"),
    ("{'descr': '<f4'}", "expected fortran_order True or False in the header, found none"),
    (
      "{'descr': '<f4', 'descr': '<f4'}",
      "expected each key once in the header, found a second 'descr'"
    ),
    (
      "{'descr': [('a', '<f4'), ('b', '<i2')], 'fortran_order': False, 'shape': (5,)}",
      "expected a type such as '<f4' in the header, found a structured one"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False}",
      "expected a shape in the header, found none"
    ),
    (
      "{'descr': '<U4\u{1B}[31m', 'fortran_order': False, 'shape': (5,)}",
      "expected a type such as '<f4', '|u1' or '>i2', found '<U4?[31m'"
    ),
    (
      "{'descr': '|f4', 'fortran_order': False, 'shape': (5,)}",
      "expected a type such as '<f4', '|u1' or '>i2', found '|f4'"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (5,)} 1",
      "expected its end in the header, found '1'"
    ),
    ("{'descr: <f4}", "expected a closed text in the header, found ''descr: <f4}'"),
  ])
  func headersThatAreNoHeaders(_ header: String, _ expected: String) throws {
    let bytes = npyBytes(header: header, elements)
    let found = problem(reading: try folder.put(bytes, as: "a.npy"))
    #expect(found == expected)
  }

  @Test func headersThatAreTooLong() throws {
    let bytes = [0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255] + elements
    #expect(
      problem(reading: try folder.put(bytes, as: "a.npy"))
        == "expected a header of at most 1048576 bytes, found 4294967295")
    let version = [0x93] + Array("NUMPY".utf8) + [9, 0] + elements
    #expect(
      problem(reading: try folder.put(version, as: "a.npy"))
        == "expected .npy version 1, 2 or 3, found 9")
  }

  /// The extents of IHDR stand at bytes 16 and 20, its checksum at 29.
  @Test(arguments: [GoldenFiles.pngGrey8, GoldenFiles.pngInterlacedColor8, GoldenFiles.pngColor16])
  func imagesOfImpossibleExtents(_ golden: GoldenFile) throws {
    var bytes = golden.bytes
    bytes.replaceSubrange(16..<24, with: [0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0])
    bytes.replaceSubrange(29..<33, with: checksum(bytes[12..<29]))
    let found = problem(reading: try folder.put(bytes, as: "a.png"))
    #expect(found?.contains("found a claim of 100000 × 100000") == true, "\(found ?? "read")")
  }

  @Test(arguments: [GoldenFiles.tiffU1, GoldenFiles.tiffLZW, GoldenFiles.tiffDeflate])
  func pagesOfImpossibleExtents(_ golden: GoldenFile) throws {
    let bytes = replacingTags([256: 100_000, 257: 100_000, 278: 100_000], in: golden.bytes)
    let found = problem(reading: try folder.put(bytes, as: "a.tif"))
    #expect(found?.contains("claim of 100000 × 100000") == true, "\(found ?? "read")")
  }

  @Test func tilesOfImpossibleExtents() throws {
    let bytes = replacingTags([322: 65536, 323: 65536], in: GoldenFiles.tiffTiles.bytes)
    let found = problem(reading: try folder.put(bytes, as: "a.tif"))
    #expect(found?.contains("claim of 8589934592 elements") == true, "\(found ?? "read")")
  }

  @Test(arguments: ["a.png", "a.tif", "a.h5", "a.npy"]) func filesOfAnotherKind(_ name: String)
    throws
  {
    let found = problem(reading: try folder.put(Array("What is this?".utf8), as: name))
    #expect(found?.hasPrefix("expected a") == true, "\(found ?? "read")")
    #expect(problem(reading: try folder.put([], as: name)) != nil)
  }

  @Test func filesThatAreNotThere() throws {
    for name in ["a.npy", "a.png", "a.tif", "a.h5", "a.h5:/x", "a.csv"] {
      #expect(problem(reading: folder.file(name)) == "no such file or folder")
    }
    for name in ["b.npy", "b.png", "b.tif", "b.h5", "b.csv"] {
      try FileManager.default.createDirectory(
        atPath: folder.file(name), withIntermediateDirectories: false)
      #expect(problem(reading: folder.file(name)) == "expected a file, found a folder")
    }
    #expect(
      problem(reading: folder.file("a.jpg"))
        == "expected a name that ends in .npy, .png, .tif, .tiff, .h5, .hdf5, .h5ad, .csv, found .jpg"
    )
    #expect(problem(reading: folder.file("a\0.npy"))?.contains("zero byte") == true)
  }

  private func checksum(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return (0..<4).map { UInt8(truncatingIfNeeded: ~crc >> (24 - 8 * $0)) }
  }

  /// Changes tags of the first page of a little-endian TIFF file, all to 32 bits.
  private func replacingTags(_ tags: [Int: UInt32], in bytes: [UInt8]) -> [UInt8] {
    func number(_ offset: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    var changed = bytes
    let start = number(4, 4)
    for entry in 0..<number(start, 2) {
      let offset = start + 2 + 12 * entry
      guard let value = tags[number(offset, 2)] else { continue }
      let field: [UInt8] = [4, 0, 1, 0, 0, 0] + (0..<4).map { UInt8(value >> (8 * $0) & 255) }
      changed.replaceSubrange((offset + 2)..<(offset + 12), with: field)
    }
    return changed
  }
}
