import ConcordArrays
import ConcordFiles
import Testing

@Suite struct FilePatternTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (name, value) in [("f10.npy", 10), ("f2.npy", 2), ("f1.npy", 1)] {
      try ArrayFile.write(
        Image<Float>(shape: [2, 3], repeating: Float(value)), to: folder.file(name))
    }
    try AtomicFile.write("notes", to: folder.file("notes.txt"))
  }

  private func names(_ paths: [String]) -> [String] {
    paths.map { $0.split(separator: "/").last.map(String.init) ?? "" }
  }

  @Test func sortsNumbersByValue() {
    #expect(
      FilePattern.sorted(["a10", "a9", "a", "b1", "a09b", "a9a", "a009"])
        == ["a", "a009", "a9", "a9a", "a09b", "a10", "b1"])
    #expect(
      FilePattern.sorted(["s100000000000000000000001", "s100000000000000000000000"])
        == ["s100000000000000000000000", "s100000000000000000000001"])
  }

  @Test func expandsPatternsAndFolders() throws {
    #expect(names(try FilePattern.paths(folder.file("f*.npy"))) == ["f1.npy", "f2.npy", "f10.npy"])
    #expect(names(try FilePattern.paths(folder.file("f?.npy"))) == ["f1.npy", "f2.npy"])
    #expect(names(try FilePattern.paths(folder.path)) == ["f1.npy", "f2.npy", "f10.npy"])
    #expect(try FilePattern.paths("plain.npy") == ["plain.npy"])
  }

  @Test func namesThatExistAreNoPatterns() throws {
    try ArrayFile.write(Signal<Float>([1]), to: folder.file("[f1].npy"))
    #expect(names(try FilePattern.paths(folder.file("[f1].npy"))) == ["[f1].npy"])
  }

  @Test func patternsWithoutFilesAreErrors() throws {
    #expect(throws: ConcordError.self) { try FilePattern.paths(folder.file("g*.npy")) }
    let empty = try TemporaryFolder()
    #expect(throws: ConcordError.self) { try FilePattern.paths(empty.path) }
  }

  @Test func stacksImagesInOrder() throws {
    let stack = try FileArray.readStack([folder.file("f*.npy")])
    #expect(stack.shape == [3, 2, 3] && stack.elementType == .float32)
    let volume: Volume<Float> = try stack.array()
    #expect(volume == Volume(shape: [3, 2, 3]) { [1, 2, 10][$0[0]] })
    let given = try FileArray.readStack([folder.file("f10.npy"), folder.file("f1.npy")])
    #expect((try given.array() as Volume<Float>)[0, 0, 0] == 10)
  }

  @Test func stacksColor() throws {
    for index in 0..<2 {
      let planes = (0..<3).map { channel in
        Image<Float>(shape: [1, 2], repeating: Float(10 * index + channel))
      }
      try ArrayFile.write(try ColorImage(planes: planes), to: folder.file("c\(index).tif"))
    }
    let stack = try FileArray.readStack([folder.file("c*.tif")])
    #expect(stack.shape == [2, 1, 2] && stack.channels == 3)
    let volume: Volume<Double> = try stack.array()
    #expect(abs(volume[0, 0, 0] - (0.587 + 2 * 0.114)) < 1e-6)
    #expect(abs(volume[1, 0, 1] - (10 + 0.587 + 2 * 0.114)) < 1e-6)
  }

  @Test func aVolumeIsAStack() throws {
    try ArrayFile.write(Volume<Float>(shape: [2, 1, 1], repeating: 4), to: folder.file("v.npy"))
    #expect(try FileArray.readStack([folder.file("v.npy")]).shape == [2, 1, 1])
    #expect(try FileArray.readStack([folder.file("f1.npy")]).shape == [1, 2, 3])
  }

  @Test func imagesThatDifferAreErrors() throws {
    try ArrayFile.write(Image<Float>(shape: [3, 2], repeating: 4), to: folder.file("g.npy"))
    #expect(throws: ConcordError.self) {
      try FileArray.readStack([folder.file("f1.npy"), folder.file("g.npy")])
    }
    try ArrayFile.write(Image<Double>(shape: [2, 3], repeating: 4), to: folder.file("h.npy"))
    #expect(throws: ConcordError.self) {
      try FileArray.readStack([folder.file("f1.npy"), folder.file("h.npy")])
    }
    #expect(throws: ConcordError.empty(what: "the list of files")) { try FileArray.readStack([]) }
  }
}
