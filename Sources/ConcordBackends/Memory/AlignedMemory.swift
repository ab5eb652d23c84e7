#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Bytes to which every allocation is aligned: a cache line, and the widest vector register.
package let memoryAlignment = 64

/// Memory at an address that is a multiple of ``memoryAlignment``, with one owner who gives it back.
///
/// It comes from the ``ScratchArena`` that is current, if one is, and goes back there.
struct AlignedMemory<Element>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  private let bytes: Int
  private let arena: ScratchArena?

  /// Room for uninitialized elements.
  init(count: Int) {
    let needed = max(count, 1) * MemoryLayout<Element>.stride
    let memory: UnsafeMutableRawPointer
    arena = ScratchArena.current
    if let arena {
      (memory, bytes) = arena.take(needed)
    } else if needed >= BlockPool.smallest, let kept = BlockPool.take(needed) {
      (memory, bytes) = kept
    } else {
      (memory, bytes) = (SystemMemory.allocate(needed), needed)
    }
    base = memory.bindMemory(to: Element.self, capacity: max(count, 1))
  }

  /// Gives the memory back; nobody may use it afterwards.
  func deallocate() {
    if let arena { return arena.keep(base, bytes: bytes) }
    if bytes >= BlockPool.smallest, BlockPool.keep(base, bytes: bytes) { return }
    free(base)
  }
}
