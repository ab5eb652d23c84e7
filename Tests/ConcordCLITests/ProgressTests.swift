import Concord
import Foundation
import Testing

/// The bar on standard error.
struct ProgressTests {
  let place: Workplace

  init() throws { place = try Workplace() }

  /// The percentages that a run's bar has shown.
  private func percentages(_ arguments: String...) throws -> [Int] {
    let outcome = try place.run(arguments + ["-o", "out.npy", "--progress", "always"])
    #expect(outcome.status == 0, "\(outcome.error)")
    return outcome.error.matches(of: #/([0-9]+)% /#).compactMap { Int($0.1) }
  }

  @Test func movesWithinASingleStep() throws {
    try place.write(Image<Float>(shape: [700, 700]) { Float($0.row ^ $0.column) }, "image.npy")
    // Long enough to be drawn more than twice, and no longer.
    #if DEBUG
    let size = "7"
    #else
    let size = "31"
    #endif
    let shown = try percentages("filter", "median", "image.npy", "--size", size)
    #expect(shown.first == 0 && shown.last == 100)
    #expect(shown.contains { (1...99).contains($0) }, "\(shown)")
    #expect(shown == shown.sorted())
  }

  @Test func isDrawnNoOftenerThanEyesCanSee() throws {
    try place.write(Volume<Float>(shape: [400, 9, 9], repeating: 1), "stack.npy")
    let start = ContinuousClock.now
    let shown = try percentages("filter", "median", "stack.npy", "--size", "3,3")
    let most = (ContinuousClock.now - start) / .milliseconds(50) + 3
    #expect(Double(shown.count) <= most, "\(shown)")
    #expect(shown.last == 100)
  }
}
