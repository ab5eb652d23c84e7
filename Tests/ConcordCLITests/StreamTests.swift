import Concord
import Foundation
import Testing

/// Standard output and standard error that can't be written.
struct StreamTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
    try place.write(Image<Float>(shape: [200, 200]) { Float($0.row * $0.column) }, "image.npy")
  }

  private static let hasFullDevice = FileManager.default.fileExists(atPath: "/dev/full")

  @Test(
    .enabled(if: hasFullDevice),
    arguments: [
      "plan --image 9,9 --kernel 3,3", "plan --image 9,9 --kernel 3,3 --json", "--help",
      "filter sum image.npy --size 3 -o -", "filter sum image.npy --size 3 -o out.npy",
      "correlate image.npy image.npy --help", "generate noise --shape 4,4 -o out.npy",
    ])
  func fullDeviceIsAFailure(_ arguments: String) throws {
    let outcome = try place.shell("\"$concord\" \(arguments) >/dev/full")
    #expect(outcome.status == 1)
    #expect(outcome.error == "Error: standard output: no space left on the disk\n")
  }

  @Test(
    .enabled(if: hasFullDevice),
    arguments: [
      ("filter sum image.npy --size 3 -o out.npy --progress always", 0),
      ("filter sum missing.npy --size 3 -o out.npy", 1), ("filter frobnicate", 64),
    ])
  func nobodyToTellIsNoFailure(_ arguments: String, status: Int32) throws {
    #expect(try place.shell("\"$concord\" \(arguments) 2>/dev/full").status == status)
  }

  @Test(arguments: [
    "plan --image 9,9 --kernel 3,3", "filter sum image.npy --size 3 -o -", "--help",
  ])
  func closedPipeIsAFailure(_ arguments: String) throws {
    // The program begins when the pipe's reader is gone.
    let outcome = try place.shell(
      """
      mkfifo gone
      { read word <gone; "$concord" \(arguments); echo $? >&2; } | { exec <&-; echo go >gone; }
      """)
    #expect(outcome.error == "Error: standard output: its reader has gone\n1\n")
  }

  @Test func closedStreamIsAFailure() throws {
    let outcome = try place.shell("\"$concord\" filter sum image.npy --size 3 -o out.npy >&-")
    #expect(outcome.status == 1)
    #expect(outcome.error == "Error: standard output: it is closed\n")
    #expect(try place.numbers("out.npy").count == 40_000)
  }
}
