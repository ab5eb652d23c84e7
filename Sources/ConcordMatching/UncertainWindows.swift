import Synchronization

/// The windows whose scores have to be computed again, gathered from concurrent tiles.
final class UncertainWindows: Sendable {
  private let found = Mutex<[Int]>([])

  func add(_ indices: [Int]) {
    if !indices.isEmpty { found.withLock { $0 += indices } }
  }

  /// In row-major order, whichever tile came first.
  var indices: [Int] { found.withLock { $0.sorted() } }
}
