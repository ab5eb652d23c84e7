import Concord
import ConcordBackends
import Synchronization

/// When a progress bar is shown.
enum ProgressMode: String, Sendable, CaseIterable {
  case always, never, auto
}

/// A bar on standard error that grows as long work gets on: by steps, and by the parts of a step.
final class Progress: Sendable {
  private struct State {
    var total = 0
    var done = 0
    /// How much of the step under way is done, in 0...1.
    var fraction = 0.0
    var isShown = false
    var lastDrawn: ContinuousClock.Instant?
  }

  private let isWanted: Bool
  private let patience: Duration
  private let label: String
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// Work that is over before this needs no bar.
  private static let patience = Duration.milliseconds(500)
  private static let interval = Duration.milliseconds(50)
  private static let width = 30

  init(_ mode: ProgressMode, label: String) {
    self.label = label
    isWanted = mode == .always || (mode == .auto && Terminal.isErrorInteractive)
    patience = mode == .always ? .zero : Self.patience
  }

  /// Announces the number of steps.
  func begin(steps: Int) {
    update { $0.total += steps }
  }

  /// Counts a finished step.
  func step() {
    update { state in
      state.done += 1
      state.fraction = 0
    }
  }

  /// Does work whose tasks move the bar on within a step.
  func watching<Result>(
    _ work: () throws(ConcordError) -> Result
  ) throws(ConcordError) -> Result {
    guard isWanted else { return try work() }
    let report = WorkProgress.Report { [self] done, tasks in
      advance(to: Double(done) / Double(tasks))
    }
    // A task-local value is set around work that throws any error; this one keeps its type.
    let outcome: Swift.Result<Result, ConcordError> = WorkProgress.$report.withValue(report) {
      do throws(ConcordError) {
        return .success(try work())
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  /// Removes the bar.
  func end() {
    state.withLock { state in
      guard state.isShown else { return }
      state.isShown = false
      Terminal.writeErrorText(Terminal.isErrorInteractive ? "\r\u{1B}[K" : "\n")
    }
  }

  /// Moves the bar on within the step; a step of several stages never goes back, and is not
  /// shown as done before the last is.
  private func advance(to fraction: Double) {
    // Who finds the bar being drawn has better things to do than to wait for it.
    _ = state.withLockIfAvailable { state in
      state.fraction = max(state.fraction, min(fraction, 0.99))
      draw(&state)
    }
  }

  private func update(_ change: (inout State) -> Void) {
    guard isWanted else { return }
    state.withLock { state in
      change(&state)
      draw(&state)
    }
  }

  private func draw(_ state: inout State) {
    let now = ContinuousClock.now
    guard now - start >= patience else { return }
    if let last = state.lastDrawn, now - last < Self.interval, state.done < state.total { return }
    state.lastDrawn = now
    state.isShown = true
    let whole = Double(max(state.total, 1))
    let part = min(1, (Double(state.done) + state.fraction) / whole)
    let filled = Int(Double(Self.width) * part)
    let bar =
      String(repeating: "#", count: filled) + String(repeating: "-", count: Self.width - filled)
    let percent = "\(Int(100 * part))%"
    let space = String(repeating: " ", count: 4 - percent.count)
    Terminal.writeErrorText("\r\(label) [\(bar)] \(space)\(percent) \(state.done)/\(state.total)")
  }
}
