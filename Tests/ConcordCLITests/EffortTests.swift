import Concord
import ConcordFiles
import ConcordTestSupport
import Foundation
import Testing

/// How thoroughly commands plan.
struct EffortTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
    var random = SplitMix64(seed: 5)
    try place.write(random.array([60, 70]) as Image<Float>, "image.npy")
    try place.write(random.array([2, 7, 7]) as Volume<Float>, "kernels.npy")
    try place.write(random.array([9, 9]) as Image<Float>, "kernel.npy")
  }

  @Test(arguments: ["estimate", "known", "measure", "patient"])
  func everyCommandThatPlans(effort: String) throws {
    for command in [
      ["convolve", "image.npy", "gaussian:2"], ["correlate", "image.npy", "kernel.npy"],
      ["filter", "gaussian", "image.npy", "--sigma", "3"], ["match", "image.npy", "kernel.npy"],
      ["bank", "image.npy", "kernels.npy"],
      ["filter", "gaussian", "image.npy", "--sigma", "3", "--method", "fourier"],
    ] {
      let outcome = try place.run(
        command + ["--effort", effort, "-o", "out.npy", "--verify", "20"])
      #expect(outcome.status == 0, "\(outcome.error)")
    }
  }

  @Test func unknownOrUselessEffortIsRefused() throws {
    for (command, text) in [
      (["convolve", "image.npy", "gaussian:2", "--effort", "huge"], "--effort"),
      (["pairs", "kernels.npy", "kernels.npy", "--effort", "measure"], "--effort: expected none"),
    ] {
      let outcome = try place.run(command + ["-o", "out.npy"])
      #expect(outcome.status == 64)
      #expect(outcome.error.contains(text), "\(outcome.error)")
    }
  }
}
