package import ConcordArrays
import ConcordBackends
import Foundation

/// Fits a ``CostModel`` to this machine: times strategies on one thread and solves for the costs.
///
/// Predictions on one thread are linear in the costs. Those that make the sum of squared relative
/// errors least, none of them negative, are found by going through them one by one. What the
/// measurements don't determine stays near the built-in value, times what this machine as a whole is
/// faster or slower by.
package struct CostTuning {
  private struct Measurement {
    let seconds: Double
    /// How many seconds each cost would account for, were it 1.
    let shares: [Double]
  }

  private var measurements: [Measurement] = []

  package init() {}

  /// Problems and forced strategies, each of which tells about some of the costs.
  package static let experiments: [CostExperiment] = CostExperiment.all

  /// Times one experiment.
  package mutating func measure(_ experiment: CostExperiment) throws(ConcordError) {
    add(try experiment.seconds(), for: experiment)
  }

  /// Adds what an experiment took.
  package mutating func add(_ seconds: Double, for experiment: CostExperiment) {
    let shares = CostModel.coefficients.map { coefficient in
      var unit = CostModel.nothing
      unit[keyPath: coefficient.path] = 1
      return experiment.predictedSeconds(unit)
    }
    measurements.append(Measurement(seconds: seconds, shares: shares))
  }

  /// The costs that fit what was measured.
  package func costs(sharing: Double) -> CostModel {
    let coefficients = CostModel.coefficients
    let standard = coefficients.map { CostModel.standard[keyPath: $0.path] }
    // In units of the built-in costs, so that one weight serves all.
    let rows = measurements.map { measurement in
      zip(measurement.shares, standard).map { $0 * $1 / measurement.seconds }
    }
    // A machine is first of all faster or slower as a whole. What tells costs apart from each other is
    // little beside that, and must not be made of noise.
    let logarithms = rows.map { log($0.reduce(0, +)) }
    let scale = exp(-logarithms.reduce(0, +) / Double(max(1, rows.count)))
    let inertia = 0.05
    var factors = [Double](repeating: scale, count: standard.count)
    for _ in 0..<1500 {
      for index in factors.indices {
        var numerator = inertia * scale
        var denominator = inertia
        for row in rows where row[index] > 0 {
          var others = 0.0
          for other in factors.indices where other != index {
            others += row[other] * factors[other]
          }
          numerator += row[index] * (1 - others)
          denominator += row[index] * row[index]
        }
        factors[index] = max(0.05, numerator / denominator)
      }
    }
    var result = CostModel.standard
    for (index, coefficient) in coefficients.enumerated() {
      result[keyPath: coefficient.path] = factors[index] * standard[index]
    }
    result.sharing = sharing
    return result
  }

  /// What handing work to a second thread costs, in seconds.
  package static func sharingSeconds() -> Double {
    // Long enough that the second thread is awake before the first is done.
    @Sendable func spin(_: Int) {
      let clock = ContinuousClock()
      let end = clock.now + .microseconds(200)
      while clock.now < end {}
    }
    let shared = median(runs: 40) { forEachTask(2, threads: 2, body: spin) }
    return max(1e-6, shared - 200e-6)
  }
}

/// The median seconds of several runs, fewer where they are long.
func median(runs: Int, _ body: () -> Void) -> Double {
  let clock = ContinuousClock()
  var seconds: [Double] = []
  var total = 0.0
  while seconds.count < 3 || (seconds.count < runs && total < 0.3) {
    let time = clock.measure(body) / .seconds(1)
    seconds.append(time)
    total += time
  }
  return seconds.sorted()[seconds.count / 2]
}
