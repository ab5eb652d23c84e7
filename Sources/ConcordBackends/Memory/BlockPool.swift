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
  /// The bytes that may be kept in all, and from which size on a block is worth keeping: a frame of
  /// 4096² Floats, and what its workers need beside it.
  static let capacity = 80 << 20
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
  ///
  /// Smaller blocks make room for it, since they cost less to have again: scratch memory, which is given
  /// back before results are, must not keep those out.
  static func keep(_ memory: UnsafeMutableRawPointer, bytes: Int) -> Bool {
    let block = UncheckedSendable(Block(memory: memory, bytes: bytes))
    let dropped: UncheckedSendable<[Block]>? = state.withLock { state in
      let smaller = state.blocks.filter { $0.bytes < bytes }.sorted { $0.bytes < $1.bytes }
      var dropped: [Block] = []
      var room = capacity - state.total
      for block in smaller where room < bytes {
        room += block.bytes
        dropped.append(block)
      }
      guard room >= bytes else { return nil }
      state.blocks.removeAll { kept in dropped.contains { $0.memory == kept.memory } }
      state.blocks.append(block.value)
      state.total = capacity - room + bytes
      return UncheckedSendable(dropped)
    }
    for block in dropped?.value ?? [] { free(block.memory) }
    return dropped != nil
  }
}
