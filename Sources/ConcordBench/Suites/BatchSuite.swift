import ArgumentParser
import Concord

/// Much work of one kind at once: banks of kernels, rows at several lags, stacks of small images.
struct BatchSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batches",
    abstract: "Banks of kernels, rows at several lags, and pairs of small images.")

  @OptionGroup var suite: SuiteOptions

  @Option(help: "Only the cases whose names hold this.")
  var only = ""

  func run() throws {
    var session = try SuiteSession("batches", suite)
    if suite.precision == .float {
      try run(Float.self, &session)
    } else {
      try run(Double.self, &session)
    }
  }

  private func run<Scalar: RealScalar>(_ scalar: Scalar.Type, _ session: inout SuiteSession) throws
  {
    let banks = [
      Bank(image: 1024, kernel: 31, count: 32), Bank(image: 512, kernel: 3, count: 64),
      Bank(image: 512, kernel: 3, count: 64, stride: 2),
      Bank(image: 128, kernel: 3, count: 64, channels: 64),
      Bank(image: 128, kernel: 3, count: 64, channels: 64, stride: 2),
      Bank(image: 1024, kernel: 11, count: 16),
    ]
    for bank in banks where wanted(bank.name) {
      try session.run(bank.name) { try compare(bank, as: Scalar.self) }
    }
    for lags in [-16...16, -1023...1023, -200...200] {
      let name = "rows: 512×1024 against 512×1024, lags \(lags)"
      guard wanted(name) else { continue }
      try session.run(name) { try compareRows(name, lags, as: Scalar.self) }
    }
    for (count, image, kernel) in [
      (10_000, 64, 64), (10_000, 64, 5), (10_000, 64, 16), (2000, 128, 128),
    ] {
      let name = "pairs: \(count) of \(image)² with \(kernel)², full"
      guard wanted(name) else { continue }
      try session.run(name) { try comparePairs(name, count, image, kernel, as: Scalar.self) }
    }
  }

  private func wanted(_ name: String) -> Bool { only.isEmpty || name.contains(only) }

  private func limit<Scalar: RealScalar>(_ scalar: Scalar.Type) -> Double {
    scalar == Float.self ? 1e-5 : 1e-12
  }

  /// Times contenders whose results are right.
  private func entries(
    _ name: String, _ entrants: [Entrant], work: (Double, String)
  ) throws -> [Entry] {
    var contest = Contest()
    for entrant in entrants { contest.admit(entrant) }
    try contest.demandAllRight()
    return try contest.hold(suite.policy).map { entrant, timing in
      Entry(
        suite: "batches", problem: name, entrant: entrant, precision: suite.precision,
        timing: timing, work: work)
    }
  }

  private struct Bank {
    var image: Int
    var kernel: Int
    var count: Int
    var channels = 1
    var stride = 1

    var name: String {
      "bank: \(channels) × \(image)² with \(count) × \(kernel)², stride \(stride)"
    }
  }

  private func compare<Scalar: RealScalar>(
    _ bank: Bank, as scalar: Scalar.Type
  ) throws -> [Entry] {
    let channels = (0..<bank.channels).map {
      randomImage(bank.image, bank.image, seed: UInt64($0), as: scalar)
    }
    let kernels = (0..<bank.count).map { kernel in
      (0..<bank.channels).map {
        randomImage(
          bank.kernel, bank.kernel, seed: UInt64(1000 + kernel * bank.channels + $0), as: scalar)
      }
    }
    var entrants: [Entrant] = []
    for name in ["auto", "direct", "matrix", "overlap-save"] {
      var options = ConvolutionOptions(mode: .same)
      options.threads = suite.threads
      options.algorithm = ConvolutionAlgorithm(rawValue: name) ?? .automatic
      let plan = try FilterBank(
        image: channels[0].shape, kernels: kernels, .correlation, options: options,
        stride: [bank.stride, bank.stride])
      let results = try plan(channels)
      let place = Position<2>(row: results[0].rows / 2, column: results[0].columns / 3)
      let expected = sum(channels, kernels[1], at: place, bank)
      entrants.append(
        Entrant(
          contender: Contender(name: name) { blackHole(try plan(channels).count) },
          strategy: "\(plan.choice.strategy), \(plan.choice.seconds * 1e3) ms",
          threads: suite.threads,
          error: abs(Double(results[1][place]) - expected) / abs(expected), limit: limit(scalar)))
    }
    let outputs = Double(entrants.isEmpty ? 0 : bank.count * bank.image * bank.image)
    let taps = Double(bank.channels * bank.kernel * bank.kernel)
    return try entries(
      bank.name, entrants, work: (outputs * taps / Double(bank.stride * bank.stride), "GMAC/s"))
  }

  private func sum<Scalar: RealScalar>(
    _ channels: [Image<Scalar>], _ kernel: [Image<Scalar>], at place: Position<2>, _ bank: Bank
  ) -> Double {
    var sum = 0.0
    for (channel, part) in zip(channels, kernel) {
      for row in 0..<bank.kernel {
        for column in 0..<bank.kernel {
          let y = place.row * bank.stride + row - bank.kernel / 2
          let x = place.column * bank.stride + column - bank.kernel / 2
          if y >= 0, x >= 0, y < bank.image, x < bank.image {
            sum += Double(channel[y, x]) * Double(part[row, column])
          }
        }
      }
    }
    return sum
  }

  private func compareRows<Scalar: RealScalar>(
    _ name: String, _ lags: ClosedRange<Int>, as scalar: Scalar.Type
  ) throws -> [Entry] {
    let a = randomImage(512, 1024, seed: 1, as: scalar)
    let b = randomImage(512, 1024, seed: 2, as: scalar)
    let (i, j, lag) = (300, 77, lags.lowerBound / 2)
    var expected = 0.0
    for n in 0..<1024 where (0..<1024).contains(n + lag) {
      expected += Double(a[i, n + lag]) * Double(b[j, n])
    }
    let algorithms: [ConvolutionAlgorithm] =
      lags.count > 1000 ? [.automatic, .fft] : [.automatic, .matrix, .fft]
    let threads = suite.threads
    let entrants = try algorithms.map { algorithm in
      let result = try a.rowCorrelations(
        with: b, lags: lags, algorithm: algorithm, threads: threads)
      let found = Double(result.values[i, j, lag - lags.lowerBound])
      return Entrant(
        contender: Contender(name: algorithm.rawValue) {
          blackHole(
            try a.rowCorrelations(with: b, lags: lags, algorithm: algorithm, threads: threads)
              .values
              .count)
        }, strategy: result.algorithm.rawValue, threads: threads,
        error: abs(found - expected) / abs(expected), limit: limit(scalar))
    }
    return try entries(name, entrants, work: (Double(512 * 512 * lags.count), "Gvalues/s"))
  }

  private func comparePairs<Scalar: RealScalar>(
    _ name: String, _ count: Int, _ image: Int, _ kernel: Int, as scalar: Scalar.Type
  ) throws -> [Entry] {
    let images = try randomImage(count * image, image, seed: 3, as: scalar).reshaped(
      to: Shape(planes: count, rows: image, columns: image))
    let kernels = try randomImage(count * kernel, kernel, seed: 4, as: scalar).reshaped(
      to: Shape(planes: count, rows: kernel, columns: kernel))
    let (pair, row, column) = (count / 3, image / 2, image / 3)
    var expected = 0.0
    for y in 0..<min(kernel, row + 1) {
      for x in 0..<min(kernel, column + 1) {
        expected += Double(images[pair, row - y, column - x]) * Double(kernels[pair, y, x])
      }
    }
    let algorithms: [ConvolutionAlgorithm] =
      kernel > 20 ? [.automatic, .overlapSave] : [.automatic, .direct, .overlapSave]
    let entrants = try algorithms.map { algorithm in
      var options = ConvolutionOptions(mode: .full)
      options.algorithm = algorithm
      options.threads = suite.threads
      let settled = options
      let result = try images.convolvedInPairs(with: kernels, options: settled)
      return Entrant(
        contender: Contender(name: algorithm.rawValue) {
          blackHole(try images.convolvedInPairs(with: kernels, options: settled).count)
        }, strategy: "pairs", threads: suite.threads,
        error: abs(Double(result[pair, row, column]) - expected) / abs(expected),
        limit: limit(scalar))
    }
    return try entries(name, entrants, work: (Double(count), "Gpairs/s"))
  }
}
