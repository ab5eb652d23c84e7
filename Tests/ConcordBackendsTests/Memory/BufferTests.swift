import ConcordBackends
import Testing

@Suite("Buffers")
struct BufferTests {
  @Test("Memory is aligned to 64 bytes, even where there is none", arguments: [0, 1, 7, 1000])
  func alignment(count: Int) {
    var owned = AlignedBuffer<Float>(uninitializedCount: count)
    owned.withBase { #expect(Int(bitPattern: $0) % memoryAlignment == 0) }
    let shared = SharedBuffer<Double>(repeating: 1, count: count)
    shared.span.withUnsafeBufferPointer {
      #expect(Int(bitPattern: $0.baseAddress) % memoryAlignment == 0)
    }
    #expect(owned.count == count && shared.count == count)
  }

  @Test("Shared memory is copied at the first write, and only if it is shared")
  func copyOnWrite() {
    var first = SharedBuffer<Int>([1, 2, 3])
    let before = first.span.withUnsafeBufferPointer { $0.baseAddress }
    var alone = first.mutableSpan
    alone[0] = 10
    #expect(first.span.withUnsafeBufferPointer { $0.baseAddress } == before)
    let second = first
    var span = first.mutableSpan
    span[1] = 20
    #expect(first.span[1] == 20 && second.span[1] == 2)
    #expect(first.span[0] == 10 && second.span[0] == 10)
  }

  @Test("Parts of elements are the same memory, until they are written")
  func parts() {
    let pairs = SharedBuffer<SIMD2<Float>>([[1, 2], [3, 4], [5, 6]])
    var parts = pairs.parts(as: Float.self)
    let address = parts.span.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }
    #expect(pairs.span.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } == address)
    #expect(parts.count == 6)
    #expect(parts.span.indices.map { parts[$0] } == [1, 2, 3, 4, 5, 6])
    parts[3] = 0
    #expect(parts[3] == 0 && pairs[1] == [3, 4])
  }

  @Test("Foreign memory is kept alive, and copied at the first write")
  func foreign() {
    final class Owner: Sendable {}
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: 3)
    memory.initialize(repeating: 4, count: 3)
    defer { memory.deallocate() }
    weak var owner: Owner?
    do {
      let kept = Owner()
      owner = kept
      var buffer = SharedBuffer<Float>(foreign: memory, count: 3, owner: kept)
      #expect(buffer.isForeign)
      var span = buffer.mutableSpan
      span[2] = 5
      #expect(!buffer.isForeign)
      #expect(memory[2] == 4 && buffer.span[2] == 5)
    }
    #expect(owner == nil, "the owner goes with the buffer")
  }

  @Test("The machine is known")
  func machine() {
    #expect(availableProcessors >= 1)
    #expect(physicalMemory > 1 << 28)
    #expect(!processorName.isEmpty)
    #expect(processorName.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
  }
}

extension AlignedBuffer {
  /// The base address, for looking at its alignment.
  fileprivate mutating func withBase(_ body: (UnsafeMutablePointer<Element>) -> Void) {
    var span = mutableSpan
    span.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { body(base) }
    }
  }
}
