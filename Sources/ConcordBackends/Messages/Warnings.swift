import Synchronization

/// Where warnings go: what a person may want to know though the result is right.
package enum Warnings {
  /// What is done with the text of a warning.
  package typealias Handler = @Sendable (String) -> Void

  private static let handler = Mutex<Handler> { text in
    _ = StandardStream.error.write("concord: warning: \(text)\n")
  }

  /// Has warnings handled in another way than by writing them to standard error.
  package static func handle(by other: @escaping Handler) {
    handler.withLock { $0 = other }
  }

  /// Hands a warning of one line to the handler.
  package static func send(_ text: String) {
    handler.withLock { $0 }(text)
  }
}
