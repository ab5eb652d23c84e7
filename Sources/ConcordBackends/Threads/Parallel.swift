import Dispatch
import Foundation
import Synchronization

/// The processors this process may run on.
package let availableProcessors = max(1, ProcessInfo.processInfo.activeProcessorCount)

/// Runs `body` once for each task, on up to `threads` threads.
///
/// Workers take the next task from a shared counter, so a slow task delays no other. Which worker
/// takes which task varies; tasks must be independent, and then results never depend on `threads`.
/// `makeScratch` is called once a worker. ``WorkProgress`` hears of finished tasks.
package func forEachTask<Scratch: ~Copyable>(
  _ tasks: Int, threads: Int,
  makeScratch: @Sendable () -> Scratch,
  body: @Sendable (Int, inout Scratch) -> Void
) {
  guard let progress = WorkProgress.counter(of: tasks) else {
    shareOut(tasks, threads: threads, makeScratch: makeScratch, body: body)
    return
  }
  // Work within a task is no progress of its own.
  WorkProgress.$report.withValue(nil) {
    shareOut(tasks, threads: threads, makeScratch: makeScratch) { task, scratch in
      body(task, &scratch)
      progress.count()
    }
  }
}

private func shareOut<Scratch: ~Copyable>(
  _ tasks: Int, threads: Int,
  makeScratch: @Sendable () -> Scratch,
  body: @Sendable (Int, inout Scratch) -> Void
) {
  let workers = min(max(threads, 1), tasks)
  if workers <= 1 {
    var scratch = makeScratch()
    for task in 0..<max(tasks, 0) { body(task, &scratch) }
    return
  }
  let next = TaskCounter()
  let arena = ScratchArena.current
  DispatchQueue.concurrentPerform(iterations: workers) { worker in
    ScratchArena.using(arena?.worker(worker)) {
      var scratch = makeScratch()
      while let task = next.take(below: tasks) { body(task, &scratch) }
    }
  }
}

/// ``forEachTask(_:threads:makeScratch:body:)`` for tasks that need no scratch memory.
package func forEachTask(_ tasks: Int, threads: Int, body: @Sendable (Int) -> Void) {
  forEachTask(tasks, threads: threads, makeScratch: {}, body: { task, _ in body(task) })
}

/// Fills ranges of a buffer concurrently; each task sees its own range only.
///
/// The ranges must not overlap, and what they leave out is not touched.
package func fillRanges<Element, Scratch: ~Copyable>(
  _ ranges: [Range<Int>], of buffer: inout SharedBuffer<Element>, threads: Int,
  makeScratch: @Sendable () -> Scratch,
  body: @Sendable (Int, inout MutableSpan<Element>, inout Scratch) -> Void
) {
  let count = buffer.count
  precondition(ranges.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= count })
  let base = UncheckedSendable(buffer.mutableBase())
  forEachTask(ranges.count, threads: threads, makeScratch: makeScratch) { task, scratch in
    let range = ranges[task]
    var span = MutableSpan(_unsafeStart: base.value + range.lowerBound, count: range.count)
    body(task, &span, &scratch)
  }
}

/// Fills the same ranges of two buffers of one length concurrently; the ranges must not overlap.
package func fillRanges<First, Second>(
  _ ranges: [Range<Int>], of first: inout SharedBuffer<First>,
  and second: inout SharedBuffer<Second>, threads: Int,
  body: @Sendable (Int, inout MutableSpan<First>, inout MutableSpan<Second>) -> Void
) {
  let count = min(first.count, second.count)
  precondition(ranges.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= count })
  let one = UncheckedSendable(first.mutableBase())
  let other = UncheckedSendable(second.mutableBase())
  forEachTask(ranges.count, threads: threads) { task in
    let range = ranges[task]
    var a = MutableSpan(_unsafeStart: one.value + range.lowerBound, count: range.count)
    var b = MutableSpan(_unsafeStart: other.value + range.lowerBound, count: range.count)
    body(task, &a, &b)
  }
}

/// Fills the same ranges of several arrays, which follow each other in a buffer, concurrently.
///
/// What `prepare` makes for a range serves all arrays. The ranges, in 0 ..< `size`, must not overlap.
package func fillRanges<Element, Shared: ~Copyable>(
  _ ranges: [Range<Int>], ofEach arrays: Int, size: Int, of buffer: inout SharedBuffer<Element>,
  threads: Int, prepare: @Sendable (Int) -> Shared,
  body: @Sendable (Int, borrowing Shared, inout MutableSpan<Element>) -> Void
) {
  let count = buffer.count
  precondition(ranges.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= size })
  precondition(arrays * size <= count)
  let base = UncheckedSendable(buffer.mutableBase())
  forEachTask(ranges.count, threads: threads) { task in
    let range = ranges[task]
    let shared = prepare(task)
    for array in 0..<arrays {
      var span = MutableSpan(
        _unsafeStart: base.value + array * size + range.lowerBound, count: range.count)
      body(array, shared, &span)
    }
  }
}

/// Fills ranges of a buffer concurrently, each of which its task has as a buffer of its own.
///
/// A task must not keep its part. The ranges must not overlap.
package func fillParts<Element>(
  _ ranges: [Range<Int>], of buffer: inout SharedBuffer<Element>, threads: Int,
  body: @Sendable (Int, inout SharedBuffer<Element>) -> Void
) {
  let count = buffer.count
  precondition(ranges.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= count })
  let base = UncheckedSendable(buffer.mutableBase())
  forEachTask(ranges.count, threads: threads) { task in
    let range = ranges[task]
    SharedBuffer.lend(base.value + range.lowerBound, count: range.count) { body(task, &$0) }
  }
}

/// The next task's number, handed out once.
private final class TaskCounter: Sendable {
  private let next = Atomic<Int>(0)

  func take(below limit: Int) -> Int? {
    let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return task < limit ? task : nil
  }
}

/// Carries a pointer into concurrent tasks that write to disjoint places.
struct UncheckedSendable<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
