#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Bytes to which every allocation is aligned: a cache line, and the widest vector register.
package let memoryAlignment = 64

/// Bytes of a large page, and the size from which memory is laid out in them.
private let largePage = 2 << 20

/// Allocates uninitialized elements at an address that is a multiple of ``memoryAlignment``.
///
/// Large blocks ask for large pages: columns of an image touch a page each, and with small ones the
/// processor spends its time on looking up addresses and the system on handing out pages.
func allocateAligned<Element>(_ count: Int) -> UnsafeMutablePointer<Element> {
  var memory: UnsafeMutableRawPointer?
  let bytes = max(count, 1) * MemoryLayout<Element>.stride
  let isLarge = bytes >= 2 * largePage
  let failure = posix_memalign(&memory, isLarge ? largePage : memoryAlignment, bytes)
  guard failure == 0, let memory else {
    preconditionFailure("Out of memory: \(bytes) bytes were asked for")
  }
  #if os(Linux)
  // A wish that the system may refuse, which changes nothing but speed.
  if isLarge { _ = madvise(memory, bytes / largePage * largePage, MADV_HUGEPAGE) }
  #endif
  return memory.bindMemory(to: Element.self, capacity: max(count, 1))
}

func freeAligned<Element>(_ base: UnsafeMutablePointer<Element>) {
  free(base)
}

/// Scratch memory with one owner, freed when the owner goes.
package struct AlignedBuffer<Element>: ~Copyable, @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  package let count: Int

  package init(uninitializedCount count: Int) {
    base = allocateAligned(count)
    self.count = count
  }

  deinit { freeAligned(base) }

  package var span: Span<Element> {
    @_lifetime(borrow self)
    borrowing get {
      let span = Span(_unsafeStart: base, count: count)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  package var mutableSpan: MutableSpan<Element> {
    @_lifetime(&self)
    mutating get {
      let span = MutableSpan(_unsafeStart: base, count: count)
      return _overrideLifetime(span, mutating: &self)
    }
  }

  /// The first `count` elements, for writing.
  @_lifetime(&self)
  package mutating func mutablePrefix(_ count: Int) -> MutableSpan<Element> {
    precondition(count >= 0 && count <= self.count, "The buffer is shorter than its prefix")
    let span = MutableSpan(_unsafeStart: base, count: count)
    return _overrideLifetime(span, mutating: &self)
  }
}
