import Concord

/// Finds how much later one signal comes than another.
@main
struct MeasureDelay {
  static func main() throws {
    let pulse = Signal<Double>([0, 1, 4, 9, 3, -2, -1, 0])
    var received = Signal<Double>(shape: [200], repeating: 0.25)
    for index in 0..<pulse.count { received[137 + index] += 0.5 * pulse[index] }

    let correlation = try received.crossCorrelation(with: pulse)
    guard let lag = correlation.peakLag else { return }
    print("The signal comes \(lag[0]) samples late; lags run over \(correlation.lags[0])")
    precondition(lag[0] == 137)
  }
}
