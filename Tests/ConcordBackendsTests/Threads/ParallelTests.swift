import ConcordBackends
import Synchronization
import Testing

@Suite("Tasks over threads")
struct ParallelTests {
  @Test("Every task runs once", arguments: [0, 1, 2, 3, 100], [-1, 1, 2, 7])
  func once(tasks: Int, threads: Int) {
    let counts = Mutex([Int](repeating: 0, count: tasks))
    let scratches = Atomic(0)
    forEachTask(tasks, threads: threads) {
      scratches.add(1, ordering: .relaxed)
    } body: { task, _ in
      counts.withLock { $0[task] += 1 }
    }
    #expect(counts.withLock { $0 } == [Int](repeating: 1, count: tasks))
    #expect(scratches.load(ordering: .relaxed) <= max(1, min(tasks, threads)))
  }

  @Test("Whoever asks hears of finished tasks, and not of tasks within them", arguments: [1, 3])
  func progress(threads: Int) {
    let heard = Mutex<[[Int]]>([])
    let report = WorkProgress.Report { done, tasks in heard.withLock { $0.append([done, tasks]) } }
    WorkProgress.$report.withValue(report) {
      forEachTask(7, threads: threads) { _ in }
      forEachTask(20, threads: threads) { _ in forEachTask(30, threads: 2) { _ in } }
      WorkProgress.untold { forEachTask(50, threads: threads) { _ in } }
    }
    forEachTask(40, threads: threads) { _ in }
    let sorted = heard.withLock { $0.sorted { $0[0] < $1[0] } }
    #expect(sorted == (1...20).map { [$0, 20] })
  }

  @Test("Ranges are filled, and what they leave out is not touched")
  func ranges() {
    var buffer = SharedBuffer<Int>(repeating: -1, count: 20)
    let copy = buffer
    fillRanges([0..<3, 5..<9, 9..<9, 12..<20], of: &buffer, threads: 3) {
    } body: { index, out, _ in
      for element in out.indices { out[element] = 100 * index + element }
    }
    let span = buffer.span
    let found = span.indices.map { span[$0] }
    #expect(
      found == [
        0, 1, 2, -1, -1, 100, 101, 102, 103, -1, -1, -1, 300, 301, 302, 303, 304, 305, 306, 307,
      ])
    #expect(copy.span[0] == -1, "a copy keeps its elements")
  }
}
