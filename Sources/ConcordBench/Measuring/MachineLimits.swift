import Concord
import ConcordBackends
import Foundation

/// What this machine can do at best, measured: what rates are to be seen beside.
package struct MachineLimits: Codable, Hashable, Sendable {
  /// Bytes a second to and from memory, in billions, by one thread and by all.
  package var bandwidthOfOne: Double
  package var bandwidth: Double
  /// Multiply-adds a second in registers, in billions of operations (two each), of single precision
  /// by one thread and by all.
  package var arithmeticOfOne: Double
  package var arithmetic: Double
  /// Operations a second of real transforms of 1024², counted as 2.5 n log₂ n, in billions.
  package var transforms: Double

  /// Measures for about a second.
  package static func measure(threads: Int = availableProcessors) -> MachineLimits {
    MachineLimits(
      bandwidthOfOne: bandwidth(threads: 1), bandwidth: bandwidth(threads: threads),
      arithmeticOfOne: arithmetic(threads: 1), arithmetic: arithmetic(threads: threads),
      transforms: transforms(threads: threads))
  }

  /// In words.
  package var summary: String {
    "memory \(bandwidthOfOne.threeDigits) GB/s by one thread, \(bandwidth.threeDigits) by all; "
      + "multiply-adds \(arithmeticOfOne.threeDigits) and \(arithmetic.threeDigits) GFLOP/s; "
      + "transforms \(transforms.threeDigits) GFLOP/s"
  }

  /// The best of some runs, in operations a second.
  private static func best(_ work: Double, runs: Int = 7, _ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    body()
    let seconds = (0..<runs).map { _ in clock.measure(body) / .seconds(1) }.min() ?? .infinity
    return work / seconds / 1e9
  }

  /// y += a x over arrays that no cache holds: two are read, one is written.
  private static func bandwidth(threads: Int) -> Double {
    let count = 1 << 25
    let x = SharedBuffer<Float>(repeating: 1, count: count)
    var y = SharedBuffer<Float>(repeating: 1, count: count)
    let piece = 1 << 20
    let ranges = stride(from: 0, to: count, by: piece).map { $0..<min($0 + piece, count) }
    return best(Double(3 * count * MemoryLayout<Float>.stride)) {
      fillRanges(ranges, of: &y, threads: threads) {
      } body: { task, out, _ in
        Float.add(x.span.extracting(ranges[task]), times: 0.5, to: &out)
      }
    }
  }

  private static func arithmetic(threads: Int) -> Double {
    let count = 1 << 28
    return best(2 * Double(count * threads)) {
      forEachTask(threads, threads: threads) { _ in blackHole(Int(Float.multiplyAdds(count))) }
    }
  }

  private static func transforms(threads: Int) -> Double {
    let extents = Extents(1, 1024, 1024)
    let transform = SpectralTransform<Float>(lengths: extents, isComplex: false, effort: .measure)
    let samples = Samples(real: SharedBuffer<Float>(repeating: 1, count: extents.count))
    return best(2.5 * Double(extents.count) * 20) {
      let spectrum = transform.spectrum(
        of: samples, placement: Placement(whole: extents), threads: threads)
      withExtendedLifetime(spectrum) {}
    }
  }
}

extension Double {
  /// Three digits that count.
  var threeDigits: String {
    formatted(.number.precision(.significantDigits(3)).grouping(.never))
  }
}
