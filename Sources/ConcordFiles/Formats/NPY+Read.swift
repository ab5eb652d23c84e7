import ComplexModule
import ConcordBackends
import ConcordMediaBackends

/// Files of NumPy's format `.npy`.
enum NPYFile {
  /// Reads a file or standard input; a regular file is mapped.
  static func read(_ file: consuming OpenFile) throws(MediaProblem) -> FileContent {
    var start: [UInt8] = []
    let text: Range<Int>
    let bytes: FileBytes
    if file.isRegular {
      bytes = try FileBytes(mapping: file)
      text = try NPYHeader.textRange(from: bytes.prefix(12))
      guard text.upperBound <= bytes.count else {
        throw MediaProblem("the file ends inside its header")
      }
      start = bytes.prefix(text.upperBound)
    } else {
      try file.fill(&start, to: 12)
      text = try NPYHeader.textRange(from: start)
      try file.fill(&start, to: text.upperBound)
      guard start.count == text.upperBound else {
        throw MediaProblem("the file ends inside its header")
      }
      let header = try NPYHeader(Array(start[text]))
      let (total, overflow) = text.upperBound.addingReportingOverflow(
        try header.elementBytes())
      bytes = try FileBytes(reading: file, after: start, total: overflow ? .max : total)
    }
    let header = try NPYHeader(Array(start[text]))
    let claimed = try header.elementBytes()
    guard claimed <= bytes.count - text.upperBound else {
      throw MediaProblem(
        "expected \(claimed) bytes of elements, found \(bytes.count - text.upperBound)")
    }
    return try content(header, bytes, offset: text.upperBound)
  }

  private static func content(
    _ header: NPYHeader, _ bytes: FileBytes, offset: Int
  ) throws(MediaProblem) -> FileContent {
    let shape = try extents(from: header.shape)
    let source = NPYElements(
      header: header, bytes: bytes, offset: offset, shape: shape)
    let elements: FileElements
    switch header.elementType {
    case .bool: elements = .real(.uint8(truths(source.buffer(of: UInt8.self))))
    case .float16: elements = .real(.float32(widened(source.buffer(of: UInt16.self))))
    case .complex64: elements = .complex64(source.words(of: Complex<Float>.self, bytes: 4))
    case .complex128: elements = .complex128(source.words(of: Complex<Double>.self, bytes: 8))
    default:
      elements = .real(try RealStorage(header.elementType.stored ?? .uint8, from: source))
    }
    return FileContent(elementType: header.elementType, shape: shape, elements: elements)
  }

  /// 0 and 1, whatever byte stands for true.
  private static func truths(_ source: SharedBuffer<UInt8>) -> SharedBuffer<UInt8> {
    var result = SharedBuffer<UInt8>(uninitializedCount: source.count)
    var out = result.mutableSpan
    let bytes = source.span
    for index in out.indices { out[index] = bytes[index] == 0 ? 0 : 1 }
    return result
  }

  private static func widened(_ source: SharedBuffer<UInt16>) -> SharedBuffer<Float> {
    var result = SharedBuffer<Float>(uninitializedCount: source.count)
    var out = result.mutableSpan
    let halves = source.span
    for index in out.indices { out[index] = Float(halfBits: halves[index]) }
    return result
  }
}

/// The elements behind a header, in this machine's byte order and row-major order.
private struct NPYElements: BufferSource {
  let header: NPYHeader
  let bytes: FileBytes
  let offset: Int
  let shape: [Int]

  func buffer<Element: StoredElement>(of type: Element.Type) -> SharedBuffer<Element> {
    words(of: type, bytes: MemoryLayout<Element>.size)
  }

  /// Elements made of words of so many bytes.
  func words<Element>(of type: Element.Type, bytes wordBytes: Int) -> SharedBuffer<Element> {
    let count = shape.reduce(1, *)
    var buffer = bytes.elements(of: type, at: offset, count: count)
    if header.isSwapped { swapBytes(of: &buffer, wordBytes: wordBytes) }
    guard header.isFortranOrder && shape.count > 1 else { return buffer }
    let middle = shape.count == 3 ? shape[1] : 1
    return rowMajor(buffer, extents: [shape[0], middle, shape[shape.count - 1]])
  }
}
