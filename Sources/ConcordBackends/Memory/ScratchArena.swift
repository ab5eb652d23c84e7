import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Scratch memory that stays from one call to the next.
///
/// While an arena is ``current``, all aligned memory is taken from it, and goes back to it. A second
/// call that asks for what the first did finds all of it there. Each worker of ``forEachTask`` has an
/// arena of its own within, so that what is there doesn't depend on which worker was quicker.
package final class ScratchArena: Sendable {
  /// The arena that memory is taken from; nil for the system's.
  @TaskLocal package static var current: ScratchArena?

  private struct Block {
    let memory: UnsafeMutableRawPointer
    let bytes: Int
  }

  private struct State: @unchecked Sendable {
    var free: [Block] = []
    var workers: [ScratchArena] = []
    var bytes = 0
    var allocations = 0
  }

  private let state = Mutex(State())

  package init() {}

  deinit {
    // Whoever still uses a block keeps the arena alive, so all of them are here.
    state.withLock { state in
      for block in state.free { free(block.memory) }
    }
  }

  /// The bytes of all blocks, those of workers included.
  package var byteCount: Int {
    state.withLock { $0.workers.reduce($0.bytes) { $0 + $1.byteCount } }
  }

  /// How many blocks were ever asked for from the system, for workers too.
  package var allocations: Int {
    state.withLock { $0.workers.reduce($0.allocations) { $0 + $1.allocations } }
  }

  /// Overwrites all memory that isn't in use with bytes that make every floating-point number NaN.
  package func spoil() {
    state.withLock { state in
      for block in state.free { memset(block.memory, 0xFF, block.bytes) }
      for worker in state.workers { worker.spoil() }
    }
  }

  /// Does work with an arena as the current one; without one, as it is.
  package static func using(_ arena: ScratchArena?, _ work: () -> Void) {
    guard let arena else { return work() }
    $current.withValue(arena, operation: work)
  }

  /// The arena of one of several workers, of which only one at a time has this number.
  func worker(_ index: Int) -> ScratchArena {
    state.withLock { state in
      while state.workers.count <= index { state.workers.append(ScratchArena()) }
      return state.workers[index]
    }
  }

  /// The smallest block of at least `bytes`; a new one if there is none.
  ///
  /// Nothing is too large: a call that asks for no more than the one before it, block by block, then
  /// finds room for all it asks for.
  func take(_ bytes: Int) -> (memory: UnsafeMutableRawPointer, bytes: Int) {
    let found: UncheckedSendable<Block>? = state.withLock { state in
      var best: Int?
      for index in state.free.indices {
        let size = state.free[index].bytes
        guard size >= bytes else { continue }
        if best.map({ size < state.free[$0].bytes }) ?? true { best = index }
      }
      if let best {
        let block = state.free[best]
        state.free.swapAt(best, state.free.count - 1)
        state.free.removeLast()
        return UncheckedSendable(block)
      }
      state.bytes += bytes
      state.allocations += 1
      return nil
    }
    if let found { return (found.value.memory, found.value.bytes) }
    return (SystemMemory.allocate(bytes), bytes)
  }

  /// Takes a block back.
  func keep(_ memory: UnsafeMutableRawPointer, bytes: Int) {
    let block = UncheckedSendable(Block(memory: memory, bytes: bytes))
    state.withLock { $0.free.append(block.value) }
  }
}
