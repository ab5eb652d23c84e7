import Concord
import ConcordFiles
import Foundation

/// SciPy in a Python process of its own, told to run over a pipe: start-up and reading the data are
/// not timed, a round trip of a few bytes is.
final class SciPyPeer {
  private let process = Process()
  private let commands = Pipe()
  private let answers = Pipe()
  private let folder: URL

  /// The name and version of SciPy, or why it can't take part.
  let version: String

  /// Starts Python and hands it the data; nil, with a line on standard error, if it can't take part.
  init?<Scalar: RealScalar>(
    image: Image<Scalar>, kernel: Image<Scalar>, mode: ConvolutionMode, threads: Int
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(
      component: "concord-bench-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try ArrayFile.write(image, to: folder.appending(component: "image.npy").path)
    try ArrayFile.write(kernel, to: folder.appending(component: "kernel.npy").path)
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.script, folder.path, mode.rawValue, "\(threads)"]
    process.standardInput = commands
    process.standardOutput = answers
    process.standardError = FileHandle.nullDevice
    try process.run()
    guard let answer = Self.line(from: answers), answer.hasPrefix("SciPy") else {
      try? FileManager.default.removeItem(at: folder)
      try? FileHandle.standardError.write(
        contentsOf: Data("SciPy takes no part: python3 can't import numpy and scipy\n".utf8))
      return nil
    }
    version = answer
  }

  deinit {
    try? commands.fileHandleForWriting.close()
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }

  /// Runs the correlation once.
  func run() throws {
    _ = try ask("run")
  }

  /// The result of SciPy.
  func result<Scalar: RealScalar>(as scalar: Scalar.Type) throws -> Image<Scalar> {
    _ = try ask("save")
    return try FileArray.read(folder.appending(component: "out.npy").path).array()
  }

  private func ask(_ command: String) throws -> String {
    try commands.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
    guard let answer = Self.line(from: answers) else {
      throw ConcordError.file(path: "python3", problem: "expected an answer, found the end")
    }
    return answer
  }

  private static func line(from pipe: Pipe) -> String? {
    var text = Data()
    while let part = try? pipe.fileHandleForReading.read(upToCount: 1), let byte = part.first {
      if byte == UInt8(ascii: "\n") { return String(decoding: text, as: UTF8.self) }
      text.append(byte)
    }
    return nil
  }

  private static let script = """
    import sys, numpy, scipy, scipy.fft, scipy.signal
    folder, mode, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    image = numpy.load(folder + "/image.npy")
    kernel = numpy.load(folder + "/kernel.npy")
    print("SciPy", scipy.__version__, flush=True)
    with scipy.fft.set_workers(threads):
        for line in sys.stdin:
            out = scipy.signal.correlate(image, kernel, mode=mode, method="fft")
            if line.strip() == "save":
                numpy.save(folder + "/out.npy", out)
            print("done", flush=True)
    """
}
