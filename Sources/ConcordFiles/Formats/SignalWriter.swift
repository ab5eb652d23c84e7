public import ConcordArrays
import ConcordBackends
import ConcordMediaBackends

/// Writes a signal of known length piece by piece as `.npy`, in constant memory.
///
/// The file appears under its name when it is complete, and never half: see ``AtomicFile``.
///
///     try SignalWriter<Float>.write(count: 4_000_000_000, to: "out.npy") { writer in
///       for part in parts { try writer.append(part) }
///     }
public struct SignalWriter<S: RealScalar>: ~Copyable {
  private let path: String
  private let file: OutputFile
  private let count: Int
  /// How many elements were written.
  public private(set) var written = 0

  /// Writes a file through a closure that appends all elements.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if the name doesn't end in `.npy`,
  ///   or if the file can't be written; ``ConcordArrays/ConcordError/elementCount(expected:found:)``
  ///   unless `count` elements are appended; and what the closure throws. No file is left then.
  public static func write(
    count: Int, to path: String, _ body: (inout SignalWriter) throws(ConcordError) -> Void
  ) throws(ConcordError) {
    try write(shape: [count], to: path, body)
  }

  /// Writes a file of up to three axes, whose elements come in row-major order.
  package static func write(
    shape: [Int], to path: String, _ body: (inout SignalWriter) throws(ConcordError) -> Void
  ) throws(ConcordError) {
    let count = shape.reduce(1, *)
    guard path != "-", try ArrayFile.writableFormat(path) == .npy else {
      throw .file(path: path, problem: "expected a name that ends in .npy, found another")
    }
    try AtomicFile.write(to: path) { (temporary) throws(ConcordError) in
      var writer = try SignalWriter(shape: shape, path: path, temporary: temporary)
      try body(&writer)
      guard writer.written == count else {
        throw .elementCount(expected: count, found: writer.written)
      }
    }
  }

  private init(shape: [Int], path: String, temporary: String) throws(ConcordError) {
    self.path = path
    count = shape.reduce(1, *)
    let header = NPYHeader(elementType: ArrayFile.scalarType(S.self), shape: shape).encoded
    file = try Self.created(temporary, header, path)
  }

  private static func created(
    _ temporary: String, _ header: [UInt8], _ path: String
  ) throws(ConcordError) -> OutputFile {
    do {
      let file = try OutputFile(creating: temporary)
      try file.write(header)
      return file
    } catch {
      throw .file(path: path, problem: error.text)
    }
  }

  /// Writes the next elements.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if they can't be written, and
  ///   ``ConcordArrays/ConcordError/elementCount(expected:found:)`` if there are too many.
  public mutating func append(_ samples: Signal<S>) throws(ConcordError) {
    guard samples.count <= count - written else {
      throw .elementCount(expected: count, found: written + samples.count)
    }
    do {
      try file.write(samples.buffer)
    } catch {
      throw .file(path: path, problem: error.text)
    }
    written += samples.count
  }
}
