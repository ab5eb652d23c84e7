public import ConcordArrays

/// Something that can be drawn and kept as a PNG file.
public protocol Picture: Sendable {
  /// The picture as the bytes of a PNG file.
  ///
  /// - Throws: ``ConcordError`` if there is nothing to draw, or if drawing fails.
  func png() throws(ConcordError) -> [UInt8]
}

extension Picture {
  /// Writes the picture as a PNG file: beside its place first, then renamed.
  ///
  /// - Throws: ``ConcordError/file(path:problem:)`` if it can't be written; what ``png()`` throws.
  public func write(to path: String) throws(ConcordError) {
    try writeAtomically(try png(), to: path)
  }
}
