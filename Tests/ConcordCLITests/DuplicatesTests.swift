import Concord
import ConcordTestSupport
import Foundation
import Testing

/// Blocks that were copied, found again.
struct DuplicatesTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
    var random = SplitMix64(seed: 0xb10c)
    var image: Image<Float> = random.array([40, 48], in: 0...1)
    for row in 0..<8 {
      for column in 0..<8 { image[24 + row, 32 + column] = 5 * image[8 + row, column] + 9 }
    }
    try place.write(image, "a.npy")
  }

  @Test func pairs() throws {
    let outcome = try place.run("duplicates", "a.npy", "--block", "8,8", "-o", "d.csv", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json
    let pairs = try #require(json["pairs"] as? [[String: Any]])
    #expect(pairs.count == 1)
    #expect(pairs[0]["first"] as? [Int] == [8, 0])
    #expect(pairs[0]["second"] as? [Int] == [24, 32])
    #expect((pairs[0]["score"] as? Double ?? 0) > 1 - 1e-9)
    #expect(json["blocks"] as? Int == 30)
    let table = try String(contentsOf: place.path("d.csv"), encoding: .utf8)
    #expect(
      table.hasPrefix("rank,first_row,first_column,second_row,second_column,score\n1,8,0,24,32,"))
    let text = try place.run("duplicates", "a.npy", "--block", "8,8").text
    #expect(text.contains("1. (8, 0) and (24, 32), score 1"))
  }

  @Test func stepsAndTop() throws {
    let json = try place.run(
      "duplicates", "a.npy", "--block", "8,8", "--step", "4,4", "--threshold", "-1", "--top", "7",
      "--json"
    ).json
    #expect((json["pairs"] as? [Any])?.count == 7)
    #expect(json["blocks"] as? Int == 99)
  }

  @Test func failures() throws {
    #expect(try place.run("duplicates", "a.npy", "--block", "8,8,8").status == 1)
    #expect(try place.run("duplicates", "a.npy", "--block", "80,8").status == 1)
    #expect(try place.run("duplicates", "a.npy", "--block", "8,8", "--step", "4").status == 64)
    #expect(try place.run("duplicates", "a.npy", "--block", "8,8", "-o", "x.npy").status == 64)
    #expect(try place.run("duplicates", "a.npy", "--block", "8,8", "--threshold", "2").status == 64)
  }
}
