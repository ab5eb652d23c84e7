public import ConcordArrays
import ConcordBackends
import ConcordMediaBackends

extension FileArray {
  /// Images of one shape, made rather than read, as a stack under a name.
  package init(name: String, images: [Image<Float>]) {
    let shape = images.first?.shape.components ?? [0, 0]
    var stack = SharedBuffer<Float>(uninitializedCount: images.count * shape[0] * shape[1])
    var out = stack.mutableSpan
    var next = 0
    for image in images {
      let elements = image.span
      for index in elements.indices {
        out[next] = elements[index]
        next += 1
      }
    }
    self.init(
      path: name,
      content: FileContent(
        elementType: .float32, shape: [images.count] + shape, elements: .real(.float32(stack))))
  }

  /// Reads equally shaped images into a volume, one plane each, in the order given.
  ///
  /// One file of three dimensions is a volume already. Each path may be a pattern or a folder, as
  /// ``FilePattern/paths(_:)`` takes them.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` if a file can't be read, or differs
  ///   from the first in shape, type or channels.
  public static func readStack(_ paths: [String]) throws(ConcordError) -> FileArray {
    var files: [String] = []
    for path in paths {
      files += path == "-" || HDF5Location(path) != nil ? [path] : try FilePattern.paths(path)
    }
    guard let firstPath = files.first else { throw .empty(what: "the list of files") }
    let first = try read(firstPath)
    if files.count == 1 && first.shape.count == 3 { return first }
    guard first.shape.count == 2, case .real(let storage) = first.elements else {
      throw .file(path: firstPath, problem: "expected a real image for a stack, found \(first)")
    }
    let elements = try StackSource(first: first, paths: files).stack(storage)
    return FileArray(
      path: firstPath,
      content: FileContent(
        elementType: first.elementType, shape: [files.count] + first.shape,
        channels: first.channels, elements: .real(elements)))
  }
}

/// The images of a stack, all like the first one.
private struct StackSource {
  let first: FileArray
  let paths: [String]

  func stack(_ storage: RealStorage) throws(ConcordError) -> RealStorage {
    switch storage {
    case .uint8(let buffer): .uint8(try stacked(buffer))
    case .uint16(let buffer): .uint16(try stacked(buffer))
    case .uint32(let buffer): .uint32(try stacked(buffer))
    case .uint64(let buffer): .uint64(try stacked(buffer))
    case .int8(let buffer): .int8(try stacked(buffer))
    case .int16(let buffer): .int16(try stacked(buffer))
    case .int32(let buffer): .int32(try stacked(buffer))
    case .int64(let buffer): .int64(try stacked(buffer))
    case .float32(let buffer): .float32(try stacked(buffer))
    case .float64(let buffer): .float64(try stacked(buffer))
    }
  }

  /// All planes of the first channel, then those of the second, ….
  private func stacked<Element: Sendable>(
    _ firstBuffer: SharedBuffer<Element>
  ) throws(ConcordError) -> SharedBuffer<Element> {
    let area = first.count
    try naming(first.path) { () throws(MediaProblem) in
      try checkMemory(firstBuffer.count * MemoryLayout<Element>.stride * paths.count)
    }
    var result = SharedBuffer<Element>(uninitializedCount: firstBuffer.count * paths.count)
    for (plane, path) in paths.enumerated() {
      let buffer = plane == 0 ? firstBuffer : try image(path)
      let source = buffer.span
      var out = result.mutableSpan
      for channel in 0..<first.channels {
        let start = (channel * paths.count + plane) * area
        for index in 0..<area { out[start + index] = source[channel * area + index] }
      }
    }
    return result
  }

  private func image<Element>(_ path: String) throws(ConcordError) -> SharedBuffer<Element> {
    let file = try FileArray.read(path)
    guard file.shape == first.shape, file.channels == first.channels,
      file.elementType == first.elementType,
      let buffer = file.elements.buffer(of: Element.self)
    else {
      throw .file(path: path, problem: "expected an image like \(first), found \(file)")
    }
    return buffer
  }
}
