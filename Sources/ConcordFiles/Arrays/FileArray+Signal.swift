public import ConcordArrays
import ConcordBackends
import ConcordMediaBackends

extension FileArray {
  /// Some of the elements as a signal, of a file of real numbers and one channel.
  ///
  /// A large file is read piece by piece with it: unlike ``array(as:)`` it never converts the whole.
  ///
  /// - Throws: ``ConcordArrays/ConcordError/file(path:problem:)`` for complex elements, and
  ///   ``ConcordArrays/ConcordError/outside(region:shape:)`` for a range beyond the elements.
  @_specialize(exported:false,where S == Float)
  @_specialize(exported:false,where S == Double)
  public func signal<S: RealScalar>(
    in range: Range<Int>, as scalar: S.Type = S.self
  ) throws(ConcordError) -> Signal<S> {
    guard case .real(let storage) = elements, channels == 1 else {
      throw .file(
        path: path,
        problem: "expected one channel of real elements, found \(channels) of "
          + elementType.rawValue)
    }
    guard range.lowerBound >= 0 && range.upperBound <= count else {
      throw .outside(region: [range], shape: [count])
    }
    return Signal(
      shape: Shape(count: range.count), buffer: converted(storage, range: range, to: S.self))
  }

  /// Lets go of the memory of elements that won't be looked at again soon.
  ///
  /// What is mapped no longer counts as this process's memory, and is read anew if it is looked at.
  public func releaseMemory(of range: Range<Int>) {
    guard range.lowerBound >= 0, range.upperBound <= count else { return }
    withStorage(PageRelease(range: range))
  }

  /// Reads what is mapped into memory, so that it isn't read when it is first looked at.
  public func loadMemory() {
    withStorage(PageLoad())
  }

  private func withStorage(_ action: some PageAction) {
    guard case .real(let storage) = elements else { return }
    switch storage {
    case .uint8(let buffer): action(buffer)
    case .uint16(let buffer): action(buffer)
    case .uint32(let buffer): action(buffer)
    case .uint64(let buffer): action(buffer)
    case .int8(let buffer): action(buffer)
    case .int16(let buffer): action(buffer)
    case .int32(let buffer): action(buffer)
    case .int64(let buffer): action(buffer)
    case .float32(let buffer): action(buffer)
    case .float64(let buffer): action(buffer)
    }
  }
}

/// What is done to the pages of a mapped file, whatever its elements are.
private protocol PageAction {
  func callAsFunction<Element>(_ buffer: SharedBuffer<Element>)
}

private struct PageRelease: PageAction {
  let range: Range<Int>

  func callAsFunction<Element>(_ buffer: SharedBuffer<Element>) { buffer.releasePages(of: range) }
}

private struct PageLoad: PageAction {
  func callAsFunction<Element>(_ buffer: SharedBuffer<Element>) { buffer.loadPages() }
}
