import Foundation

/// One contender in one case.
package struct Entry: Codable, Sendable {
  package var suite: String
  package var problem: String
  package var algorithm: String
  package var strategy: String
  package var precision: String
  package var threads: Int
  /// The largest relative error against the definition, found before timing.
  package var error: Double
  package var median: Double
  package var minimum: Double
  package var maximum: Double
  package var spread: Double
  package var runs: [Double]
  /// What the work amounts to for each second, in billions, and what is counted.
  package var rate: Double
  package var rateUnit: String

  /// The library that computes, where several are compared.
  package var peer: String?
  /// The name of the case, where it has one.
  package var caseName: String?
  /// What entries on one curve share, and the extents that tell them apart.
  package var setting: String?
  package var image: [Int]?
  package var kernel: [Int]?
  /// The relative difference from our own result.
  package var disagreement: Double?
  /// Resident memory at the peak of preparation and one run, inputs included.
  package var peakBytes: Int?

  /// A series of sizes that the entry belongs to, its size, and the bytes that a run took, its
  /// result included, beside its inputs and its preparation.
  package var series: String?
  package var size: Double?
  package var workingBytes: Int?

  /// The bytes that have to be read and written, and the operations of a run that sums term by term.
  package var bytes: Double?
  package var operations: Double?

  /// The seconds that the planner foretold, and whether this is what it chose, where it was asked.
  package var predicted: Double?
  package var isChoice: Bool?

  package init(
    suite: String, problem: String, entrant: Entrant, precision: Precision, timing: Timing,
    work: (amount: Double, unit: String)
  ) {
    self.suite = suite
    self.problem = problem
    algorithm = entrant.contender.name
    strategy = entrant.strategy
    self.precision = precision.rawValue
    threads = entrant.threads
    error = entrant.error
    median = timing.median
    minimum = timing.minimum
    maximum = timing.maximum
    spread = timing.spread
    runs = timing.runs
    rate = work.amount / timing.median / 1e9
    rateUnit = work.unit
  }

  /// Places the entry on a curve of time against size.
  mutating func place(_ setting: String, image: [Int], kernel: [Int]) {
    self.setting = setting
    self.image = image
    self.kernel = kernel
  }

  /// The bandwidth and arithmetic of a run beside what the machine can do at best.
  package func use(of limits: MachineLimits?) -> String? {
    func part(_ rate: Double, _ limit: Double?, _ unit: String) -> String {
      let share = limit.map { ", \(Int((100 * rate / $0).rounded())) %" } ?? ""
      return "\(rate.threeDigits) \(unit)\(share)"
    }
    let isOne = threads == 1
    let parts = [
      bytes.map {
        part($0 / median / 1e9, isOne ? limits?.bandwidthOfOne : limits?.bandwidth, "GB/s")
      },
      operations.map {
        part($0 / median / 1e9, isOne ? limits?.arithmeticOfOne : limits?.arithmetic, "GFLOP/s")
      },
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// The contender without its threads: `scipy signal.fftconvolve`, or an algorithm of ours.
  package var name: String { peer.map { "\($0) \(algorithm)" } ?? algorithm }

  /// What makes entries of two reports the same measurement.
  package var identity: String {
    "\(suite) \(caseName ?? problem) \(precision) ×\(threads) \(name)"
  }

  /// Whether Concord was timed, and not another library.
  package var isOurs: Bool {
    peer.map { name in Peer.all.first { $0.name == name }?.isOurs ?? false } ?? true
  }
}
