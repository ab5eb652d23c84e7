import ConcordFiltering
import ConcordTestSupport
import Foundation
import Testing

@Suite("Tuning", .standardCosts)
struct CostTuningTests {
  @Test("Finds the costs of a machine from what its experiments take", arguments: 0..<4)
  func recovery(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    var machine = CostModel.standard
    for coefficient in CostModel.coefficients {
      machine[keyPath: coefficient.path] *= 0.4 + 2 * random.uniform()
    }
    var tuning = CostTuning()
    for experiment in CostTuning.experiments {
      tuning.add(experiment.predictedSeconds(machine), for: experiment)
    }
    let found = tuning.costs(sharing: 1e-5)
    for experiment in CostTuning.experiments {
      let expected = experiment.predictedSeconds(machine)
      let predicted = experiment.predictedSeconds(found)
      #expect(abs(predicted / expected - 1) < 0.12, "\(experiment.strategy)")
    }
    #expect(abs(found[keyPath: \.multiplyAdd] / machine[keyPath: \.multiplyAdd] - 1) < 0.1)
  }

  @Test("Keeps the built-in costs where nothing was measured")
  func nothing() {
    let costs = CostTuning().costs(sharing: CostModel.standard.sharing)
    for coefficient in CostModel.coefficients {
      let ratio = costs[keyPath: coefficient.path] / CostModel.standard[keyPath: coefficient.path]
      #expect(abs(ratio - 1) < 1e-9)
    }
  }

  @Test("Times real strategies")
  func timing() throws {
    var tuning = CostTuning()
    let experiment = try #require(CostTuning.experiments.first { $0.strategy == .direct })
    try tuning.measure(experiment)
    let costs = tuning.costs(sharing: 1e-5)
    #expect(experiment.predictedSeconds(costs) > 0)
    #expect(CostTuning.sharingSeconds() >= 1e-6)
  }
}
