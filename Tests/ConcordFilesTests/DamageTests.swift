import ConcordArrays
import ConcordFiles
import Foundation
import Testing

/// Damaged files are read as arrays or refused with one line; they never crash.
@Suite struct DamageTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Reads a file and uses what it holds; checks the error if there is one.
  @discardableResult private func isReadable(_ path: String) -> Bool {
    do throws(ConcordError) {
      let file = try FileArray.read(path)
      let isPossible = (1...3).contains(file.shape.count) && (1...4).contains(file.channels)
      if !isPossible { Issue.record("impossible: \(file)") }
      if file.shape.count == 2 && !file.isComplex {
        let image = try file.color(as: Float.self)
        if image.shape.components != file.shape { Issue.record("impossible: \(file)") }
      }
      return true
    } catch {
      let text = error.description
      let isPlain = text.hasPrefix(path + ": ") && !text.contains("\n")
      let isShort = text.count < 1000 && text.count > path.count + 8
      if !isPlain || !isShort { Issue.record("not one plain line: \(text)") }
      return false
    }
  }

  private func store(_ bytes: [UInt8], _ golden: GoldenFile) throws -> String {
    let parts = golden.ending.split(separator: ":", maxSplits: 1)
    let path = try folder.put(bytes, as: "damaged" + parts[0])
    return parts.count == 2 ? path + ":" + parts[1] : path
  }

  @Test(arguments: GoldenFiles.all) func cutShortAtEveryLength(_ golden: GoldenFile) throws {
    // Every length of the small files, every eleventh of the longer ones.
    let step = golden.bytes.count > 1000 ? 11 : 1
    var readable = 0
    for length in stride(from: 0, to: golden.bytes.count, by: step)
    where isReadable(try store(Array(golden.bytes[..<length]), golden)) {
      readable += 1
    }
    #expect(readable < golden.bytes.count / step / 2, "most of the file must be needed")
  }

  @Test(arguments: GoldenFiles.all) func flippedBytes(_ golden: GoldenFile) throws {
    let seed: UInt64 = 0x5EED
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<120 {
      var bytes = golden.bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        let extremes: [UInt8] = [0, 1, 127, 128, 255, .random(in: 0...255, using: &generator)]
        bytes[index] = extremes.randomElement(using: &generator) ?? 0
      }
      isReadable(try store(bytes, golden))
    }
  }

  @Test(arguments: [
    npyBytes("<f4", shape: "(2, 3)", Array(repeating: 1, count: 24)),
    npyBytes(">c16", fortran: true, shape: "(1, 2)", Array(repeating: 1, count: 32)),
    npyBytes("|b1", shape: "(3,)", version: 2, [1, 0, 1]),
  ])
  func damagedArrays(_ bytes: [UInt8]) throws {
    for length in 0..<bytes.count {
      #expect(!isReadable(try folder.put(Array(bytes[..<length]), as: "a.npy")))
    }
    var generator = SeededGenerator(seed: 7)
    for index in bytes.indices {
      for _ in 0..<4 {
        var damaged = bytes
        damaged[index] = .random(in: 0...255, using: &generator)
        isReadable(try folder.put(damaged, as: "a.npy"))
      }
    }
  }
}
