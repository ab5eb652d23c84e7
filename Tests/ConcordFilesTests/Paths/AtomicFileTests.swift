import ConcordArrays
import ConcordFiles
import Foundation
import Testing

@Suite struct AtomicFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func failuresLeaveNothing() throws {
    try AtomicFile.write("old", to: folder.file("a.txt"))
    #expect(throws: ConcordError.flatTemplate) {
      try AtomicFile.write(to: folder.file("a.txt")) { (path) throws(ConcordError) in
        try AtomicFile.write("half", to: path)
        throw .flatTemplate
      }
    }
    #expect(folder.names == ["a.txt"])
    #expect(try folder.bytes("a.txt") == Array("old".utf8))
  }

  @Test func theTemporaryFileLiesBeside() throws {
    var temporary = ""
    try AtomicFile.write(to: folder.file("a.npy")) { (path) throws(ConcordError) in
      temporary = path
      try AtomicFile.write("new", to: path)
    }
    #expect(temporary.hasPrefix(folder.path + "/.a.npy."))
    #expect(folder.names == ["a.npy"])
  }

  @Test func interruptsLeaveNothing() throws {
    #expect(throws: ConcordError.file(path: folder.file("a"), problem: "no such file or folder")) {
      try AtomicFile.write(to: folder.file("a")) { (path) throws(ConcordError) in
        try AtomicFile.write("half", to: path)
        AtomicFile.removeUnfinished()
      }
    }
    #expect(folder.names.isEmpty)
  }

  @Test func errorsNameTheTarget() throws {
    let path = folder.file("missing/a.npy")
    let signal = Signal<Float>([1])
    for name in ["a.npy", "a.tif", "a.png", "a.csv"] {
      let path = folder.file("missing/" + name)
      #expect(throws: ConcordError.file(path: path, problem: "no such file or folder")) {
        try ArrayFile.write(signal, to: path)
      }
    }
    #expect(throws: ConcordError.file(path: path, problem: "no such file or folder")) {
      try AtomicFile.write(to: path) { (temporary) throws(ConcordError) in
        try AtomicFile.write("x", to: temporary)
      }
    }
    #expect(throws: ConcordError.self) { try AtomicFile.write("x", to: folder.path) }
  }

  @Test func linksKeepPointingWhereTheyDid() throws {
    try AtomicFile.write("old", to: folder.file("real.txt"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.txt"), withDestinationPath: "real.txt")
    try AtomicFile.write("new", to: folder.file("link.txt"))
    #expect(try folder.bytes("real.txt") == Array("new".utf8))
    let kind = try FileManager.default.attributesOfItem(atPath: folder.file("link.txt"))[.type]
    #expect(kind as? FileAttributeType == .typeSymbolicLink)
  }

  @Test func permissionsAreKept() throws {
    try AtomicFile.write("old", to: folder.file("a.txt"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o640], ofItemAtPath: folder.file("a.txt"))
    try AtomicFile.write("new", to: folder.file("a.txt"))
    let mode = try FileManager.default.attributesOfItem(atPath: folder.file("a.txt"))[
      .posixPermissions]
    #expect(mode as? Int == 0o640)
  }

  @Test func devicesAreWrittenTo() throws {
    try AtomicFile.write("gone", to: "/dev/null")
    let kind = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type]
    #expect(kind as? FileAttributeType == .typeCharacterSpecial)
  }

  @Test func longNamesHaveRoomForTheTemporaryOne() throws {
    let name = String(repeating: "x", count: 251) + ".npy"
    try ArrayFile.write(Signal<Float>([1]), to: folder.file(name))
    #expect(folder.names == [name])
  }
}

extension TemporaryFolder {
  /// The bytes of a file in the folder.
  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }
}
