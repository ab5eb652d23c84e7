/// One line that a contender's process is sent.
package struct PeerJob: Codable, Sendable {
  package enum Action: String, Codable, Sendable {
    /// Which methods can serve the problem?
    case methods
    /// Run one of them.
    case run
  }

  package var action: Action
  package var problem: Problem
  /// The files of the image and of the kernel, template or second image.
  package var inputs: [String]
  package var method: String
  package var threads: Int
  /// How many runs are timed.
  package var runs: Int
  /// A file for the result of the first, untimed run.
  package var result: String?

  /// A question for methods.
  package init(methodsFor problem: Problem) {
    self.init(problem, action: .methods, inputs: [], method: "", threads: 1, runs: 0)
  }

  package init(
    _ problem: Problem, action: Action = .run, inputs: [String], method: String, threads: Int,
    runs: Int, result: String? = nil
  ) {
    self.action = action
    self.problem = problem
    self.inputs = inputs
    self.method = method
    self.threads = threads
    self.runs = runs
    self.result = result
  }
}

/// One line that comes back.
package struct PeerAnswer: Codable, Sendable {
  /// A way to compute something.
  package struct Method: Codable, Hashable, Sendable {
    package var name: String
    /// Whether it can use more than one thread.
    package var isThreaded: Bool

    package init(name: String, isThreaded: Bool) {
      self.name = name
      self.isThreaded = isThreaded
    }
  }

  package var methods: [Method]?
  /// The library and its version.
  package var version: String?
  /// How the result is computed, in words.
  package var strategy: String?
  /// The seconds of each timed run.
  package var seconds: [Double]?
  /// The resident memory at the peak of preparation and first run, inputs included, beyond what the
  /// process held before.
  package var peakBytes: Int?
  /// The file that holds the result.
  package var result: String?
  /// Why there is no answer.
  package var error: String?

  package init() {}

  package init(error: String) { self.error = error }
}
