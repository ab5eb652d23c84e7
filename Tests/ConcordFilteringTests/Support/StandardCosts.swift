import ConcordFiltering
import Testing

/// Decides by the built-in costs, whatever `concord tune` found out about the machine that tests.
struct StandardCosts: TestTrait, SuiteTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await CostModel.$chosen.withValue(.standard) { try await function() }
  }
}

extension Trait where Self == StandardCosts {
  static var standardCosts: Self { Self() }
}
