package import ConcordBackends

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The bytes of a file: mapped into memory, or read into memory of our own.
///
/// A mapped file must not be cut short by another process while it is in use: the system would
/// answer with a signal. Concord's own writers replace files and never shorten them.
package final class FileBytes: @unchecked Sendable {
  package let count: Int
  package let isMapped: Bool
  private let base: UnsafeMutableRawPointer

  /// Maps a whole file.
  package init(mapping file: borrowing OpenFile) throws(MediaProblem) {
    let size = file.size
    guard size > 0 else { throw MediaProblem("the file is empty") }
    let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, file.descriptor, 0)
    guard let memory, memory != MAP_FAILED else { throw .system() }
    base = memory
    count = size
    isMapped = true
  }

  /// Reads a file or stream until `total` bytes are there or it ends.
  ///
  /// Memory grows with what arrives, not with what is asked for.
  package init(
    reading file: borrowing OpenFile, after prefix: [UInt8] = [], total: Int = .max
  ) throws(MediaProblem) {
    try checkMemory(file.size)
    var memory = GrowingMemory(capacity: max(file.size, prefix.count) + 1)
    let failure = memory.read(file, after: prefix, total: total)
    base = memory.base
    count = memory.count
    isMapped = false
    if let failure { throw failure }
  }

  deinit {
    if isMapped {
      munmap(base, count)
    } else {
      free(base)
    }
  }

  /// The first bytes, at most `limit`.
  package func prefix(_ limit: Int) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: base, count: min(limit, count)))
  }

  var pointer: UnsafePointer<UInt8> {
    UnsafePointer(base.assumingMemoryBound(to: UInt8.self))
  }

  /// Elements at a byte offset, shared with the file if they are aligned, copied otherwise.
  package func elements<Element>(
    of type: Element.Type, at offset: Int, count elements: Int
  ) -> SharedBuffer<Element> {
    let bytes = elements * MemoryLayout<Element>.stride
    precondition(offset >= 0 && bytes <= count - offset, "The elements lie outside the file")
    let start = UnsafeRawPointer(base) + offset
    if Int(bitPattern: start) % MemoryLayout<Element>.alignment == 0 && elements > 0 {
      return SharedBuffer(
        foreign: start.assumingMemoryBound(to: Element.self), count: elements, owner: self)
    }
    var buffer = SharedBuffer<Element>(uninitializedCount: elements)
    var span = buffer.mutableSpan
    span.withUnsafeMutableBufferPointer { target in
      UnsafeMutableRawBufferPointer(target).copyMemory(
        from: UnsafeRawBufferPointer(start: start, count: bytes))
    }
    return buffer
  }
}

extension FileBytes: MappedPages {
  package func release(_ bytes: UnsafeRawBufferPointer) {
    // Memory of our own would come back as zeros; a file comes back as it is.
    guard isMapped, let start = bytes.baseAddress else { return }
    let page = Int(getpagesize())
    let first = (Int(bitPattern: start) + page - 1) / page * page
    let last = (Int(bitPattern: start) + bytes.count) / page * page
    guard first < last, let memory = UnsafeMutableRawPointer(bitPattern: first) else { return }
    madvise(memory, last - first, MADV_DONTNEED)
  }

  package func load() {
    load(UnsafeRawBufferPointer(start: base, count: count))
  }

  package func load(_ bytes: UnsafeRawBufferPointer) {
    #if os(Linux)
    guard isMapped, let start = bytes.baseAddress, bytes.count > 0 else { return }
    let page = Int(getpagesize())
    let first = Int(bitPattern: start) / page * page
    let length = Int(bitPattern: start) + bytes.count - first
    // MADV_POPULATE_READ of Linux 5.14; older ones refuse, and read when pages are touched.
    if let memory = UnsafeMutableRawPointer(bitPattern: first) { madvise(memory, length, 22) }
    #endif
  }
}

/// Memory that is extended in place where the system can.
private struct GrowingMemory {
  var base: UnsafeMutableRawPointer
  var count = 0
  private var capacity: Int

  init(capacity: Int) {
    guard let memory = malloc(capacity) else {
      preconditionFailure("Out of memory: \(capacity) bytes were asked for")
    }
    base = memory
    self.capacity = capacity
  }

  mutating func read(
    _ file: borrowing OpenFile, after prefix: [UInt8], total: Int
  ) -> MediaProblem? {
    UnsafeMutableRawBufferPointer(start: base, count: prefix.count).copyBytes(from: prefix)
    count = prefix.count
    while count < total {
      if count == capacity {
        guard let larger = realloc(base, 2 * capacity + (1 << 16)) else {
          return MediaProblem("too large for this machine's memory")
        }
        base = larger
        capacity = 2 * capacity + (1 << 16)
      }
      let part = file.read(into: base + count, count: min(capacity, total) - count)
      switch part {
      case .success(0): return nil
      case .success(let bytes): count += bytes
      case .failure(let problem): return problem
      }
    }
    return nil
  }
}
