import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Large blocks of memory that were given back, kept for the next that asks.
///
/// A frame's worth of memory from the system costs more than many an operation on it: every page is
/// cleared and mapped anew, and large pages may have to be put together first. What is kept never
/// exceeds ``capacity``.
enum BlockPool {
  /// The bytes that may be kept in all, and from which size on a block is worth keeping.
  static let capacity = 64 << 20
  static let smallest = 1 << 20

  private struct Block {
    let memory: UnsafeMutableRawPointer
    let bytes: Int
  }

  private struct State: @unchecked Sendable {
    var blocks: [Block] = []
    var total = 0
  }

  private static let state = Mutex(State())

  /// A kept block of at least `bytes`, and not much more; nil if there is none.
  static func take(_ bytes: Int) -> (memory: UnsafeMutableRawPointer, bytes: Int)? {
    let block: UncheckedSendable<Block>? = state.withLock { state in
      let fitting = state.blocks.indices.filter {
        state.blocks[$0].bytes >= bytes && state.blocks[$0].bytes <= bytes + bytes / 4
      }
      guard let index = fitting.min(by: { state.blocks[$0].bytes < state.blocks[$1].bytes })
      else { return nil }
      let block = state.blocks.remove(at: index)
      state.total -= block.bytes
      return UncheckedSendable(block)
    }
    return block.map { ($0.value.memory, $0.value.bytes) }
  }

  /// Keeps a block if there is room; returns whether it did.
  static func keep(_ memory: UnsafeMutableRawPointer, bytes: Int) -> Bool {
    let block = UncheckedSendable(Block(memory: memory, bytes: bytes))
    return state.withLock { state in
      guard state.total + bytes <= capacity else { return false }
      state.blocks.append(block.value)
      state.total += bytes
      return true
    }
  }
}
