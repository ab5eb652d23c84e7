import Concord
import ConcordFiles

/// Reads an argument: a file, standard input, or a pattern or folder that is a stack of images.
///
/// Without `loads`, a file that is mapped is read when its elements are looked at.
func readInput(_ name: String, loads: Bool = true) throws(ConcordError) -> FileArray {
  let paths = try FilePattern.paths(name)
  guard paths.count == 1 else { return try FileArray.readStack(paths) }
  let file = try FileArray.read(paths[0])
  // Reading isn't computing, and is not timed as such; signals may be longer than memory.
  if loads, file.rank > 1 || file.count < 1 << 24 { file.loadMemory() }
  return file
}

/// Reads two arguments, which can't both be standard input; the same name is read once.
func readInputs(_ first: String, _ second: String) throws(ConcordError) -> (FileArray, FileArray) {
  let a = try readInput(first)
  return (a, first == second ? a : try readInput(second))
}

extension FileArray {
  /// The number of axes.
  var rank: Int { shape.count }

  /// The channels that are colour: opacity isn't.
  var colors: Int { channels % 2 == 0 ? channels - 1 : channels }

  /// The file's own name, its extents and its type.
  var summary: String {
    "\(path == "-" ? "standard input" : path) (\(Format.extents(shape))"
      + (channels > 1 ? ", \(channels) channels" : "") + ", \(elementType.rawValue))"
  }
}

/// Refuses kernels of several colours: each kernel serves all colours of an image.
func checkGrey(_ kernels: FileArray) throws(ConcordError) {
  guard kernels.colors > 1 else { return }
  throw .file(
    path: kernels.path,
    problem: "expected kernels of one channel, which serve every colour, found \(kernels.colors)")
}
