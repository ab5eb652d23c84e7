import Synchronization

/// Tells whoever asks how far work that is shared out as tasks has come.
package enum WorkProgress {
  /// What is told as tasks finish: how many of how many are done.
  ///
  /// A type of its own: as the value of a task, a function crashes release builds (Swift 6.3.1),
  /// which look for its type at run time and find none.
  package struct Report: Sendable {
    private let tell: @Sendable (_ done: Int, _ of: Int) -> Void

    package init(_ tell: @escaping @Sendable (_ done: Int, _ of: Int) -> Void) {
      self.tell = tell
    }

    func callAsFunction(_ done: Int, _ tasks: Int) { tell(done, tasks) }
  }

  /// Who wants to know; nil where nobody does, which costs nothing.
  ///
  /// It is called from any of the threads that work.
  @TaskLocal package static var report: Report?

  /// Does what is short beside the work that follows, without telling of it.
  package static func untold(_ work: () -> Void) {
    $report.withValue(nil, operation: work)
  }

  /// Fewer tasks than this are over before anyone could look, or are steps of larger ones.
  private static let worthTelling = 8

  /// Counts finished tasks for whoever wants to know; nil where nobody does.
  static func counter(of tasks: Int) -> TaskProgress? {
    guard let report, tasks >= worthTelling else { return nil }
    return TaskProgress(tasks: tasks, report: report)
  }
}

/// The tasks of one piece of work that are done.
final class TaskProgress: Sendable {
  private let done = Atomic<Int>(0)
  private let tasks: Int
  private let report: WorkProgress.Report

  init(tasks: Int, report: WorkProgress.Report) {
    self.tasks = tasks
    self.report = report
  }

  func count() {
    report(done.wrappingAdd(1, ordering: .relaxed).newValue, tasks)
  }
}
