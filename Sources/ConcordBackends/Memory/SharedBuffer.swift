/// Memory that a ``SharedBuffer`` refers to: aligned storage of our own, or a mapped file's bytes.
@usableFromInline
final class BufferStorage<Element>: @unchecked Sendable {
  @usableFromInline let base: UnsafeMutablePointer<Element>
  @usableFromInline let count: Int
  /// Memory of our own, to be given back.
  private let memory: AlignedMemory<Element>?
  /// Keeps foreign memory (a mapped file) alive, and marks it as read-only.
  @usableFromInline let owner: (any AnyObject & Sendable)?

  @usableFromInline
  init(count: Int) {
    let memory = AlignedMemory<Element>(count: count)
    base = memory.base
    self.memory = memory
    self.count = count
    owner = nil
  }

  init(foreign base: UnsafePointer<Element>, count: Int, owner: any AnyObject & Sendable) {
    self.base = UnsafeMutablePointer(mutating: base)
    self.count = count
    self.owner = owner
    memory = nil
  }

  /// Somebody else's memory, to be written to as long as that is there.
  init(lent base: UnsafeMutablePointer<Element>, count: Int) {
    self.base = base
    self.count = count
    owner = nil
    memory = nil
  }

  deinit { memory?.deallocate() }
}

/// The owner of a buffer's memory, if that is a mapped file.
package protocol MappedPages: AnyObject, Sendable {
  /// Lets go of all pages that lie wholly in a range of the file.
  func release(_ bytes: UnsafeRawBufferPointer)
  /// Reads the whole file into memory, if the system can be asked to.
  func load()
  /// Reads all pages that hold some of a range of the file.
  func load(_ bytes: UnsafeRawBufferPointer)
}

/// A value of contiguous elements, 64-byte aligned, copied only when a shared one is written to.
///
/// Elements are trivial types (numbers, Bool). Memory of a mapped file is shared as it stands, and
/// copied at the first write.
@usableFromInline
package struct SharedBuffer<Element>: @unchecked Sendable {
  @usableFromInline var storage: BufferStorage<Element>

  /// A buffer of elements that are yet to be written.
  @inlinable
  package init(uninitializedCount count: Int) {
    storage = BufferStorage(count: count)
  }

  package init(repeating value: Element, count: Int) {
    storage = BufferStorage(count: count)
    storage.base.initialize(repeating: value, count: count)
  }

  @inlinable
  package init(_ elements: some Collection<Element>) {
    storage = BufferStorage(count: elements.count)
    var next = storage.base
    for element in elements {
      next.initialize(to: element)
      next += 1
    }
  }

  /// Read-only memory that `owner` keeps alive, such as a mapped file.
  package init(
    foreign base: UnsafePointer<Element>, count: Int, owner: any AnyObject & Sendable
  ) {
    storage = BufferStorage(foreign: base, count: count, owner: owner)
  }

  /// The same memory as the parts of its elements, such as the two reals of complex numbers.
  package func parts<Part>(as part: Part.Type) -> SharedBuffer<Part> {
    let parts = MemoryLayout<Element>.stride / MemoryLayout<Part>.stride
    precondition(parts * MemoryLayout<Part>.stride == MemoryLayout<Element>.stride)
    let base = UnsafeRawPointer(storage.base).assumingMemoryBound(to: Part.self)
    return SharedBuffer<Part>(foreign: base, count: parts * count, owner: storage)
  }

  /// A part of the same memory, copied at the first write.
  package func part(_ range: Range<Int>) -> SharedBuffer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "The part lies outside")
    return SharedBuffer(
      foreign: UnsafePointer(storage.base + range.lowerBound), count: range.count, owner: storage)
  }

  /// Lets `body` write to memory as to a buffer of its own, which it must not keep.
  static func lend(
    _ base: UnsafeMutablePointer<Element>, count: Int, to body: (inout SharedBuffer) -> Void
  ) {
    var part = SharedBuffer(uninitializedCount: 0)
    part.storage = BufferStorage(lent: base, count: count)
    body(&part)
    precondition(isKnownUniquelyReferenced(&part.storage), "A part that was lent was kept")
    if part.storage.base != base {
      precondition(part.count == count, "A part has its length")
      base.update(from: part.storage.base, count: count)
    }
  }

  @inlinable package var count: Int { storage.count }

  /// Takes the memory away from its owner, who is left with an empty buffer: it has one owner still.
  package static func taken(from owner: inout SharedBuffer) -> SharedBuffer {
    var result = SharedBuffer(uninitializedCount: 0)
    swap(&result, &owner)
    return result
  }

  /// Lets go of the pages of a mapped file that hold a range of elements.
  ///
  /// They count no longer as this process's memory, and are read anew if anyone looks. Nothing
  /// happens to other memory.
  package func releasePages(of range: Range<Int>) {
    (storage.owner as? any MappedPages)?.release(
      UnsafeRawBufferPointer(
        UnsafeBufferPointer(rebasing: UnsafeBufferPointer(start: base, count: count)[range])))
  }

  /// Reads a range of elements of a mapped file into memory.
  package func loadPages(of range: Range<Int>) {
    (storage.owner as? any MappedPages)?.load(
      UnsafeRawBufferPointer(
        UnsafeBufferPointer(rebasing: UnsafeBufferPointer(start: base, count: count)[range])))
  }

  /// Reads a mapped file into memory, so that nobody waits for it later.
  package func loadPages() { (storage.owner as? any MappedPages)?.load() }

  /// Overwrites elements from `place` on with a range of another buffer's.
  package mutating func copyElements(
    _ range: Range<Int>, of source: SharedBuffer, to place: Int
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= source.count)
    precondition(place >= 0 && range.count <= count - place)
    makeUnique()
    (storage.base + place).update(
      from: source.storage.base + range.lowerBound, count: range.count)
  }

  /// Moves the elements of a range to the front.
  package mutating func moveToFront(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    makeUnique()
    storage.base.update(from: storage.base + range.lowerBound, count: range.count)
  }

  /// Makes sure that nobody else sees what is written, where all elements are going to be: shared
  /// memory is left to the others, and not copied.
  package mutating func prepareForOverwriting() {
    if storage.owner == nil && isKnownUniquelyReferenced(&storage) { return }
    storage = BufferStorage(count: storage.count)
  }

  /// Whether the elements lie in a mapped file rather than in memory of our own.
  package var isForeign: Bool { storage.owner != nil }

  /// Not inlined: the optimizer of Swift 6.3.1 trips over the lifetime where it is.
  @usableFromInline package var span: Span<Element> {
    @_lifetime(borrow self)
    get {
      let elements = UnsafeBufferPointer(start: base, count: count)
      return _overrideLifetime(Span(_unsafeElements: elements), borrowing: self)
    }
  }

  /// One element, inlined into users' modules.
  @inlinable package subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < storage.count, "The index lies outside the buffer")
      return storage.base[index]
    }
    set {
      precondition(index >= 0 && index < storage.count, "The index lies outside the buffer")
      makeUnique()
      storage.base[index] = newValue
    }
  }

  @usableFromInline package var mutableSpan: MutableSpan<Element> {
    @_lifetime(&self)
    mutating get {
      makeUnique()
      let span = MutableSpan(_unsafeStart: storage.base, count: storage.count)
      return _overrideLifetime(span, mutating: &self)
    }
  }

  /// The base address, for use inside the backends while `self` is alive.
  @inlinable var base: UnsafePointer<Element> { UnsafePointer(storage.base) }

  /// The base address for writing, after a copy if the memory is shared.
  mutating func mutableBase() -> UnsafeMutablePointer<Element> {
    makeUnique()
    return storage.base
  }

  @inlinable
  mutating func makeUnique() {
    if storage.owner == nil && isKnownUniquelyReferenced(&storage) { return }
    copyStorage()
  }

  /// Out of line: the test above stands in every loop that sets elements.
  @usableFromInline
  @inline(never)
  mutating func copyStorage() {
    let copy = BufferStorage<Element>(count: storage.count)
    copy.base.initialize(from: storage.base, count: storage.count)
    storage = copy
  }
}
