import Synchronization

/// Set until any thread clears it.
final class Flag: Sendable {
  private let value = Atomic<Bool>(true)

  var isSet: Bool { value.load(ordering: .relaxed) }
  func clear() { value.store(false, ordering: .relaxed) }
}
