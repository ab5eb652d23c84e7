import ConcordArrays
import ConcordFiles
import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// Pipes, which can be neither mapped nor measured.
@Suite struct StreamTests {
  let folder: TemporaryFolder
  let pipe: String

  init() throws {
    folder = try TemporaryFolder()
    pipe = folder.file("pipe.npy")
    try #require(mkfifo(pipe, 0o600) == 0)
  }

  /// Reads from the pipe what another thread writes into it.
  private func read(_ bytes: [UInt8]) throws(ConcordError) -> FileArray {
    Thread { [pipe] in FileHandle(forWritingAtPath: pipe)?.write(Data(bytes)) }.start()
    return try FileArray.read(pipe)
  }

  @Test func readsArrays() throws {
    let numbers = (0..<50_000).map { UInt16($0) }
    let file = try read(npyBytes("<u2", shape: "(500, 100)", bytes(numbers)))
    let image: Image<Double> = try file.array()
    #expect(image.shape == [500, 100] && image[499, 99] == 49_999 && image[0, 1] == 1)
  }

  @Test func readsArraysInAnotherOrder() throws {
    let elements = bytes([1, 2, 3, -4] as [Int16], bigEndian: true)
    let file = try read(npyBytes(">i2", fortran: true, shape: "(2, 2)", elements))
    #expect((try file.array() as Image<Float>).elements == [1, 3, 2, -4])
  }

  @Test func streamsThatEndEarlyAreErrors() throws {
    let whole = npyBytes("<f4", shape: "(100000, 100000)", [1, 2, 3, 4])
    let elements = "expected 40000000000 bytes of elements, found 4"
    #expect(throws: ConcordError.file(path: pipe, problem: elements)) { try read(whole) }
    let header = "the file ends inside its header"
    #expect(throws: ConcordError.file(path: pipe, problem: header)) {
      try read(Array(whole.prefix(60)))
    }
  }

  @Test func writesArrays() throws {
    let copy = folder.file("copy.npy")
    let done = DispatchSemaphore(value: 0)
    Thread { [pipe] in
      let data = FileHandle(forReadingAtPath: pipe)?.readDataToEndOfFile()
      try? data?.write(to: URL(fileURLWithPath: copy))
      done.signal()
    }.start()
    try ArrayFile.write(Signal<Float>([1, 2]), to: pipe)
    done.wait()
    #expect(try FileArray.read(copy).array() == Signal<Float>([1, 2]))
    #expect(folder.names == ["copy.npy", "pipe.npy"])
  }
}
