import Concord
import ConcordBackends
import Foundation
import Testing

/// What is said on standard error though the result is right.
struct WarningTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
    try place.write(Image<Float>(shape: [300, 300]) { Float($0.row * $0.column) }, "image.npy")
  }

  /// A command that measures transforms, and so wants to keep what it has learnt.
  private static let measuring =
    "\"$concord\" convolve image.npy gaussian:9 --algorithm fft --repeat 1 -o out.npy"

  @Test(.enabled(if: !isMKLLoaded, "MKL keeps no wisdom"))
  func wisdomThatCannotBeKeptIsWorthOneLine() throws {
    try place.write("", "file")
    let outcome = try place.shell("CONCORD_CACHE=$PWD/file/cache \(Self.measuring)")
    #expect(outcome.status == 0)
    #expect(outcome.error.hasPrefix("concord: warning: FFTW's wisdom can't be kept in "))
    #expect(outcome.error.hasSuffix(".wisdom: expected a folder on the way, found a file\n"))
    #expect(outcome.error.count { $0 == "\n" } == 1)
  }

  @Test func quietSilencesWarnings() throws {
    try place.write("", "file")
    let outcome = try place.shell(
      """
      export CONCORD_CACHE=$PWD/file/cache CONCORD_INSTRUCTION_SET=sse9
      \(Self.measuring) --quiet && "$concord" generate noise --shape 4,4 -o noise.npy --quiet
      """)
    #expect(outcome.status == 0)
    #expect(outcome.error.isEmpty, "\(outcome.error)")
  }

  @Test(arguments: ["plan --image 9,9 --kernel 3,3", "generate noise --shape 4,4 -o noise.npy"])
  func unknownInstructionSetIsNamed(_ arguments: String) throws {
    let outcome = try place.shell("CONCORD_INSTRUCTION_SET=sse9 \"$concord\" \(arguments)")
    #expect(outcome.status == 0)
    #expect(
      outcome.error
        == "concord: warning: CONCORD_INSTRUCTION_SET: expected baseline, avx2, avx512, "
        + "found 'sse9'\n")
    for known in ["baseline", "avx2", "avx512", ""] {
      let outcome = try place.shell("CONCORD_INSTRUCTION_SET=\(known) \"$concord\" \(arguments)")
      #expect(outcome.status == 0 && outcome.error.isEmpty)
    }
  }
}
