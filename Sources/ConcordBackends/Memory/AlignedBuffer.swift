/// Scratch memory with one owner, freed when the owner goes.
package struct AlignedBuffer<Element>: ~Copyable, @unchecked Sendable {
  private let memory: AlignedMemory<Element>
  package let count: Int

  var base: UnsafeMutablePointer<Element> { memory.base }

  package init(uninitializedCount count: Int) {
    memory = AlignedMemory(count: count)
    self.count = count
  }

  deinit { memory.deallocate() }

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
