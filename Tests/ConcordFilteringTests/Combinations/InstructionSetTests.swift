import ConcordArrays
import ConcordBackends
import ConcordFiltering
import Foundation
import Testing

/// The instruction set is chosen once in a process, so that each that is narrower than this machine's
/// runs the comparisons with the textbook loops in a process of its own.
@Suite("Every instruction set agrees with the textbook loops", .standardCosts)
struct InstructionSetCombinationTests {
  @Test("Signals, images and volumes", arguments: ["baseline", "avx2"])
  func combinations(name: String) async {
    await #expect(processExitsWith: .success) { [name = name as String] in
      try InstructionSetCombinationTests.narrow(to: name)
      let combinations = CombinationTests()
      try combinations.signals(lengths: [13, 4])
      try combinations.images(shapes: [[8, 6], [4, 2]])
      try combinations.volumes(shapes: [[3, 4, 5], [2, 3, 3]])
    }
  }

  @Test("Banks, pairs and rows", arguments: ["baseline", "avx2"])
  func batches(name: String) async {
    await #expect(processExitsWith: .success) { [name = name as String] in
      try InstructionSetCombinationTests.narrow(to: name)
      try FilterBankTests().images(image: [20, 70], kernel: [5, 5], stride: [2, 4])
      try ImagePairTests().pairs(count: 2, image: [40, 25], kernel: [10, 20])
      for algorithm in LaggedRowPairTests.algorithms {
        try LaggedRowPairTests().modes(sizes: (3, 33, 19, 9), algorithm: algorithm)
      }
    }
  }

  @Test("Gaussians at lower rates, and equal weights", arguments: ["baseline", "avx2"])
  func rates(name: String) async {
    await #expect(processExitsWith: .success) { [name = name as String] in
      try InstructionSetCombinationTests.narrow(to: name)
      try GaussianToleranceTests().boundaries(boundary: .reflect)
      try GaussianToleranceTests().derivatives(order: [1, 1])
    }
  }

  private static func narrow(to name: String) throws {
    _ = unsafe setenv("CONCORD_INSTRUCTION_SET", name, 1)
    #if arch(x86_64)
    try #require(name == "avx2" || instructionSet == name)
    try #require(instructionSet != "avx512")
    #endif
  }
}
