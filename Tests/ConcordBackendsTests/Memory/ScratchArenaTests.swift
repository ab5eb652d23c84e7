import ConcordBackends
import Synchronization
import Testing

@Suite("Arenas of scratch memory")
struct ScratchArenaTests {
  private func address(_ buffer: SharedBuffer<Float>) -> UnsafePointer<Float>? {
    buffer.span.withUnsafeBufferPointer { $0.baseAddress }
  }

  @Test("Give a block again that came back, and none that is in use")
  func reuse() {
    let arena = ScratchArena()
    ScratchArena.using(arena) {
      let first = SharedBuffer<Float>(uninitializedCount: 100)
      let held = address(first)
      var second: SharedBuffer<Float>? = SharedBuffer(uninitializedCount: 50)
      let free = second.flatMap { address($0) }
      #expect(held != free)
      second = nil
      #expect(address(SharedBuffer<Float>(uninitializedCount: 40)) == free)
      #expect(address(SharedBuffer<Float>(uninitializedCount: 51)) != held)
      #expect(first.count == 100)
    }
    #expect(arena.allocations == 3)
    #expect(arena.byteCount == 4 * (100 + 50 + 51))
  }

  @Test("Outlive their owner as long as a buffer does")
  func lifetime() {
    weak var seen: ScratchArena?
    var kept: SharedBuffer<Float>?
    do {
      let arena = ScratchArena()
      seen = arena
      ScratchArena.using(arena) { kept = SharedBuffer(repeating: 3, count: 10) }
    }
    #expect(seen != nil && kept?.span[9] == 3)
    kept = nil
    #expect(seen == nil)
  }

  @Test("Have one for each worker, however tasks are shared out")
  func workers() {
    let arena = ScratchArena()
    var counts: [Int] = []
    for _ in 0..<20 {
      let sum = Atomic<Int>(0)
      ScratchArena.using(arena) {
        forEachTask(50, threads: 4) {
          AlignedBuffer<Int>(uninitializedCount: 1000)
        } body: { task, scratch in
          var span = scratch.mutableSpan
          for index in span.indices { span[index] = task }
          sum.wrappingAdd(span[999], ordering: .relaxed)
        }
      }
      #expect(sum.load(ordering: .relaxed) == 50 * 49 / 2)
      counts.append(arena.allocations)
    }
    #expect(counts == Array(repeating: 4, count: 20))
    #expect(ScratchArena.current == nil)
  }

  @Test("Spoil what isn't in use, and nothing else")
  func spoiling() {
    let arena = ScratchArena()
    ScratchArena.using(arena) {
      let used = SharedBuffer<Float>(repeating: 1, count: 10)
      do { _ = SharedBuffer<Float>(repeating: 2, count: 20) }
      arena.spoil()
      let found = SharedBuffer<Float>(uninitializedCount: 20)
      #expect((0..<20).allSatisfy { found[$0].isNaN })
      #expect((0..<10).allSatisfy { used[$0] == 1 })
    }
  }

  @Test("Memory that is going to be overwritten stays where it is, unless it is shared")
  func overwriting() {
    var buffer = SharedBuffer<Float>(repeating: 1, count: 10)
    let before = address(buffer)
    buffer.prepareForOverwriting()
    #expect(address(buffer) == before)
    let other = buffer
    buffer.prepareForOverwriting()
    #expect(address(buffer) != before && address(other) == before)
    #expect(buffer.count == 10 && other[9] == 1)
    var taken = SharedBuffer<Float>.taken(from: &buffer)
    let place = address(taken)
    taken.prepareForOverwriting()
    #expect(address(taken) == place && buffer.count == 0)
  }
}
