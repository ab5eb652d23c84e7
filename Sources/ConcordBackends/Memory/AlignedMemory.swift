#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Bytes to which every allocation is aligned: a cache line, and the widest vector register.
package let memoryAlignment = 64

/// Bytes of a large page, and the size from which memory is laid out in them.
private let largePage = 2 << 20

/// Memory at an address that is a multiple of ``memoryAlignment``, with one owner who gives it back.
///
/// Large blocks ask for large pages: columns of an image touch a page each, and with small ones the
/// processor spends its time on looking up addresses and the system on handing out pages.
struct AlignedMemory<Element>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  private let bytes: Int

  /// Room for uninitialized elements.
  init(count: Int) {
    let needed = max(count, 1) * MemoryLayout<Element>.stride
    let memory: UnsafeMutableRawPointer
    if needed >= BlockPool.smallest, let kept = BlockPool.take(needed) {
      (memory, bytes) = kept
    } else {
      (memory, bytes) = (Self.allocate(needed), needed)
    }
    base = memory.bindMemory(to: Element.self, capacity: max(count, 1))
  }

  /// Gives the memory back; nobody may use it afterwards.
  func deallocate() {
    if bytes >= BlockPool.smallest, BlockPool.keep(base, bytes: bytes) { return }
    free(base)
  }

  private static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    var memory: UnsafeMutableRawPointer?
    let isLarge = bytes >= 2 * largePage
    let failure = posix_memalign(&memory, isLarge ? largePage : memoryAlignment, bytes)
    guard failure == 0, let memory else {
      preconditionFailure("Out of memory: \(bytes) bytes were asked for")
    }
    #if os(Linux)
    // A wish that the system may refuse, which changes nothing but speed.
    if isLarge { _ = madvise(memory, bytes / largePage * largePage, MADV_HUGEPAGE) }
    #endif
    return memory
  }
}
