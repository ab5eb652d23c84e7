import ConcordMediaBackends

/// Datasets of HDF5 files, read whole.
enum HDF5File {
  static func read(_ location: HDF5Location) throws(MediaProblem) -> FileContent {
    let handle = try open(location)
    let shape = try extents(from: handle.extents)
    return try read(handle, box: handle.extents.map { 0..<$0 }, shape: shape)
  }

  static func open(_ location: HDF5Location) throws(MediaProblem) -> HDF5Handle {
    guard !location.dataset.isEmpty else {
      let names = try HDF5Files.datasets(of: location.file)
      throw MediaProblem(
        "expected FILE:/path with the path of \(HDF5Files.choice(of: names)), found no path")
    }
    return try HDF5Handle(path: location.file, dataset: location.dataset)
  }

  static func read(
    _ handle: HDF5Handle, box: [Range<Int>], shape: [Int]
  ) throws(MediaProblem) -> FileContent {
    FileContent(
      elementType: elementType(of: handle), shape: shape, elements: .real(try handle.read(box)))
  }

  static func elementType(of handle: HDF5Handle) -> ElementType {
    if handle.isBool { return .bool }
    return handle.isHalf ? .float16 : ElementType(handle.element)
  }
}
