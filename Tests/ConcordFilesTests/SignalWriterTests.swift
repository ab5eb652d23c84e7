import ConcordArrays
import ConcordFiles
import Foundation
import Testing

@Suite("Signals in pieces")
struct SignalWriterTests {
  @Test("Are the file that the whole signal would be")
  func sameFile() throws {
    let folder = try TemporaryFolder()
    let values = (0..<1000).map { Float($0) / 7 }
    try ArrayFile.write(Signal<Float>(values), to: folder.file("whole.npy"))
    try SignalWriter<Float>.write(count: 1000, to: folder.file("parts.npy")) {
      (writer) throws(ConcordError) in
      for start in stride(from: 0, to: 1000, by: 300) {
        try writer.append(Signal(Array(values[start..<min(start + 300, 1000)])))
      }
    }
    let whole = try Data(contentsOf: URL(filePath: folder.file("whole.npy")))
    let parts = try Data(contentsOf: URL(filePath: folder.file("parts.npy")))
    #expect(whole == parts)
  }

  @Test("Leave no file behind that lacks elements or has too many")
  func wrongCounts() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.npy")
    for (count, found) in [(3, 2), (1, 2)] {
      #expect(throws: ConcordError.elementCount(expected: count, found: found)) {
        try SignalWriter<Double>.write(count: count, to: path) { (writer) throws(ConcordError) in
          try writer.append(Signal([1, 2]))
        }
      }
    }
    #expect(throws: ConcordError.self) {
      try SignalWriter<Double>.write(count: 0, to: folder.file("a.tif")) { _ in }
    }
    let left = try FileManager.default.contentsOfDirectory(
      atPath: URL(filePath: path).deletingLastPathComponent().path)
    #expect(left.isEmpty, "\(left)")
  }

  @Test("Are read in pieces, converted, and again after their memory was let go")
  func reading() throws {
    let folder = try TemporaryFolder()
    let values = (0..<50_000).map { Double($0) }
    try ArrayFile.write(Signal<Double>(values), to: folder.file("a.npy"))
    let file = try FileArray.read(folder.file("a.npy"))
    for _ in 0..<2 {
      let part: Signal<Float> = try file.signal(in: 20_000..<20_003)
      #expect(part.elements == [20_000, 20_001, 20_002])
      let same: Signal<Double> = try file.signal(in: 0..<50_000)
      #expect(same.elements == values)
      file.releaseMemory(of: 0..<50_000)
    }
    // What isn't mapped must not be let go of.
    try Data("1\n2\n3\n".utf8).write(to: URL(filePath: folder.file("b.csv")))
    let table = try FileArray.read(folder.file("b.csv"))
    table.releaseMemory(of: 0..<3)
    #expect((try table.signal(in: 1..<3) as Signal<Float>).elements == [2, 3])
    #expect(throws: ConcordError.outside(region: [2..<4], shape: [3])) {
      try table.signal(in: 2..<4, as: Float.self)
    }
  }
}
