import Foundation

/// When a progress bar is shown.
enum ProgressMode: String, Sendable, CaseIterable {
  case always, never, auto
}

/// A bar on standard error that grows as steps of long work are done.
final class Progress {
  private let mode: ProgressMode
  private let label: String
  private let start = ContinuousClock.now
  private var total = 0
  private var done = 0
  private var isShown = false
  private var lastDrawn: ContinuousClock.Instant?

  /// Work that is over before this needs no bar.
  private static let patience = Duration.milliseconds(500)
  private static let interval = Duration.milliseconds(50)
  private static let width = 30

  init(_ mode: ProgressMode, label: String) {
    self.mode = mode
    self.label = label
  }

  /// Announces the number of steps.
  func begin(steps: Int) {
    total += steps
    draw()
  }

  /// Counts a finished step.
  func step() {
    done += 1
    draw()
  }

  /// Removes the bar.
  func end() {
    guard isShown else { return }
    isShown = false
    Terminal.writeErrorText(Terminal.isErrorInteractive ? "\r\u{1B}[K" : "\n")
  }

  private func draw() {
    let now = ContinuousClock.now
    switch mode {
    case .never: return
    case .auto: guard Terminal.isErrorInteractive, now - start > Self.patience else { return }
    case .always: break
    }
    if let lastDrawn, now - lastDrawn < Self.interval, done < total { return }
    lastDrawn = now
    isShown = true
    let filled = total > 0 ? Self.width * done / total : 0
    let bar =
      String(repeating: "#", count: filled) + String(repeating: "-", count: Self.width - filled)
    Terminal.writeErrorText("\r\(label) [\(bar)] \(done)/\(total)")
  }
}
