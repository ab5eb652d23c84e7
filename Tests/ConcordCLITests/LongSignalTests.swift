import Concord
import ConcordFiles
import Foundation
import Testing

/// With a low limit of memory, short signals are handled as long ones are.
@Suite("Long signals go through piece by piece")
struct LongSignalTests {
  private static let count = 300_000

  private func prepare() throws -> Workplace {
    let place = try Workplace()
    let signal = Signal<Float>(
      (0..<Self.count).map { Float(($0 * 7919) % 1009) / 1009 - 0.4 })
    try place.write(signal, "signal.npy")
    try place.write(Signal<Float>((0..<37).map { Float($0 % 5) + 1 }), "taps.npy")
    return place
  }

  @Test(
    "The values are those of the whole",
    arguments: ["zero", "symmetric", "wrap", "renormalize"], ["full", "same", "valid"])
  func values(boundary: String, mode: String) throws {
    let place = try prepare()
    let arguments = [
      "convolve", "signal.npy", "taps.npy", "--boundary", boundary, "--mode", mode, "--json",
      "--scale", "2", "--offset", "1", "--verify", "50",
    ]
    let parts = try place.run(
      arguments + ["--memory-limit", "1M", "--threads", "2", "-o", "parts.npy"])
    #expect(parts.status == 0, "\(parts.error)")
    #expect(try parts.json["streamed"] as? Bool == true)
    #expect(try parts.json["verified"] as? Int == 50)
    let whole = try place.run(arguments + ["-o", "whole.npy"])
    #expect(whole.status == 0, "\(whole.error)")
    #expect(try whole.json["streamed"] == nil)
    #expect(
      try parts.json["shape"] as? [Int] == (try whole.json["shape"] as? [Int]))
    let (a, b) = (try place.numbers("parts.npy"), try place.numbers("whole.npy"))
    #expect(a.count == b.count)
    let largest = b.reduce(0) { max($0, abs($1)) }
    #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-5 * largest })
  }

  @Test("Integers are converted, correlations anchored, and progress shown")
  func otherInputs() throws {
    let place = try prepare()
    let outcome = try place.run(
      "correlate", "signal.npy", "gaussian:2", "--mode", "same", "--anchor", "opencv",
      "--precision", "double", "--verify", "20", "--memory-limit", "1M", "--threads", "2",
      "--progress", "always",
      "--json", "-o", "out.npy")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json["streamed"] as? Bool == true)
    #expect(try outcome.json["precision"] as? String == "double")
    #expect(outcome.error.contains("correlate ["))
    #expect(try place.read("out.npy").count == Self.count)
  }

  @Test("A failure leaves no file")
  func failure() throws {
    let place = try prepare()
    let outcome = try place.run(
      "convolve", "signal.npy", "taps.npy", "--anchor", "99", "--mode", "same",
      "--memory-limit", "1M", "--threads", "2", "-o", "out.npy")
    #expect(outcome.status != 0)
    #expect(try place.files == ["signal.npy", "taps.npy"])
  }
}
