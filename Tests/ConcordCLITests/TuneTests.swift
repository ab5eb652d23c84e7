import Concord
import ConcordFiltering
import Foundation
import Testing

/// What becomes of costs that were measured; a whole `tune` takes too long for a debug build.
struct TuneTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
  }

  private static let plan =
    "CONCORD_CACHE=$PWD/cache \"$concord\" plan --image 500,500 --kernel 5,5 --json"

  private func write(_ text: String) throws {
    try FileManager.default.createDirectory(
      at: place.folder.appending(component: "cache"), withIntermediateDirectories: true)
    try place.write(text, "cache/\(KeptCosts.fileName)")
  }

  @Test func keptCostsDecide() throws {
    let before = try place.shell(Self.plan)
    #expect(before.text.contains("\"algorithm\":\"direct\""))
    // A machine that multiplies a thousand times more slowly takes transforms.
    var slow = CostModel.standard
    slow.multiplyAdd *= 1000
    try write(String(decoding: JSONEncoder().encode(slow), as: UTF8.self))
    let after = try place.shell(Self.plan)
    #expect(after.status == 0 && after.error.isEmpty)
    #expect(!after.text.hasPrefix("{\"algorithm\":\"direct\""))
  }

  @Test(arguments: ["", "{}", "not even JSON", "negative"])
  func costsThatCannotBeUsedAreWorthOneLine(_ text: String) throws {
    var content = text
    if text == "negative" {
      var costs = CostModel.standard
      costs.multiplyAdd = -1
      content = String(decoding: try JSONEncoder().encode(costs), as: UTF8.self)
    }
    try write(content)
    let outcome = try place.shell(Self.plan)
    #expect(outcome.status == 0)
    #expect(outcome.text.hasPrefix("{\"algorithm\":\"direct\""))
    #expect(outcome.error.hasPrefix("concord: warning: the costs in "))
    #expect(outcome.error.count { $0 == "\n" } == 1)
  }
}
