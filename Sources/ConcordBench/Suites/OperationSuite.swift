import ArgumentParser
import Concord

/// Every public operation on an image, called from another module as users call it.
///
/// An operation that the compiler left unspecialised shows here: it takes ten nanoseconds a pixel
/// and more, where its neighbours take one.
struct OperationSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operations",
    abstract: "Arithmetic, single elements, windows, filters and rows: time a pixel.")

  @OptionGroup var suite: SuiteOptions

  @Option(help: "The image's size, such as 1024 or 480,640.")
  var image = Size(1024)

  @Option(help: "Only the contenders whose names hold this.")
  var only = ""

  func run() throws {
    var session = try SuiteSession("operations", suite)
    try session.run("\(image) \(only)") {
      suite.precision == .float
        ? try time(image, as: Float.self) : try time(image, as: Double.self)
    }
  }

  private func time<Scalar: RealScalar>(_ size: Size, as scalar: Scalar.Type) throws -> [Entry] {
    let a: Image<Scalar> = randomImage(size.rows, size.columns, seed: 6)
    let b: Image<Scalar> = randomImage(size.rows, size.columns, seed: 7)
    let all = try arithmetic(a, b) + elements(a) + windows(a) + others(a, b) + rowPairs(a, b)
    let contenders = all.filter { only.isEmpty || $0.name.contains(only) }
    let timings = try suite.policy.time(contenders)
    return zip(contenders, timings).map { contender, timing in
      Entry(
        suite: "operations", problem: "\(size)",
        entrant: Entrant(
          contender: contender, strategy: "public call", threads: suite.threads, error: 0,
          limit: 0),
        precision: suite.precision, timing: timing, work: (Double(a.count), "Gpx/s"))
    }
  }

  private func arithmetic<Scalar: RealScalar>(
    _ a: Image<Scalar>, _ b: Image<Scalar>
  ) -> [Contender] {
    let bytes = Image<UInt8>(shape: a.shape) { UInt8(truncatingIfNeeded: $0.row &+ $0.column) }
    return [
      Contender(name: "a * a - b * b") { blackHole(try (a * a - b * b).count) },
      Contender(name: "a * a - b * b of UInt8") {
        blackHole(try (bytes * bytes - bytes * bytes).count)
      },
      Contender(name: "widened") { blackHole(bytes.widened().count) },
      Contender(name: "map") { blackHole(a.map { $0 + 1 }.count) },
      Contender(name: "sum") { blackHole(Int(a.sum)) },
      Contender(name: "transposed") { blackHole(a.transposed().count) },
      Contender(name: "rotated") { blackHole(a.rotated(quarterTurns: 1).count) },
      Contender(name: "padded by 16, reflect") {
        blackHole(try a.padded(by: [16, 16], boundary: .reflect).count)
      },
      Contender(name: "view, copied") {
        blackHole(try a.view(1..<(a.rows - 1), 1..<(a.columns - 1)).copied().count)
      },
    ]
  }

  private func windows<Scalar: RealScalar>(_ a: Image<Scalar>) -> [Contender] {
    var options = WindowOptions()
    options.threads = suite.threads
    let settled = options
    let medians = [3, 5, 7, 11, 4].map { extent in
      Contender(name: "windowMedian \(extent)") {
        blackHole(try a.windowMedian(of: [extent, extent], options: settled).count)
      }
    }
    return medians
      + [3, 15, 63].flatMap { extent in
        let window: Shape<2> = [extent, extent]
        return [
          Contender(name: "windowMean \(extent)") {
            blackHole(try a.windowMean(of: window, options: settled).count)
          },
          Contender(name: "windowVariance \(extent)") {
            blackHole(try a.windowVariance(of: window, options: settled).count)
          },
        ]
      } + [
        Contender(name: "largest of 15") {
          blackHole(try a.windowReduced(.maximum, of: [15, 15], options: settled).count)
        },
        Contender(name: "mapWindowSpans 3, largest") {
          blackHole(try a.mapWindowSpans(of: [3, 3], options: settled, largest(of:)).count)
        },
        Contender(name: "mapWindows 3, largest") {
          blackHole(try a.mapWindows(of: [3, 3], options: settled) { $0.max() ?? 0 }.count)
        },
      ]
  }

  private func others<Scalar: RealScalar>(
    _ a: Image<Scalar>, _ b: Image<Scalar>
  ) -> [Contender] {
    var options = ConvolutionOptions(mode: .same, boundary: .symmetric)
    options.threads = suite.threads
    let settled = options
    let threads = suite.threads
    return [
      Contender(name: "gaussian sigma 2") {
        blackHole(try a.gaussianFiltered(sigma: [2], options: settled).count)
      },
      Contender(name: "gaussian variance sigma 1.5") {
        blackHole(try a.gaussianVariance(sigma: [1.5], options: settled).count)
      },
      Contender(name: "gaussian covariance sigma 1.5") {
        blackHole(try a.gaussianCovariance(with: b, sigma: [1.5], options: settled).count)
      },
      Contender(name: "gaussian correlation sigma 1.5") {
        blackHole(try a.gaussianCorrelation(with: b, sigma: [1.5], options: settled).count)
      },
      Contender(name: "expression sqrt(a^2 + b^2)") {
        blackHole(try PixelExpression("sqrt(a^2 + b^2)").values(a: a, b: b, threads: threads).count)
      },
      Contender(name: "peaks") { blackHole(try a.peaks(count: 5, minimumDistance: [9, 9]).count) },
      Contender(name: "luminance") {
        blackHole(try ColorImage(planes: [a, b, a]).luminance.count)
      },
    ]
  }
  private func rowPairs<Scalar: RealScalar>(
    _ a: Image<Scalar>, _ b: Image<Scalar>
  ) throws -> [Contender] {
    let threads = suite.threads
    let line = Image<Scalar>(shape: [1, b.columns]) { b[0, $0.column] }
    let y = try Image<Complex<Scalar>>(real: a, imaginary: b)
    let z = try Image<Complex<Scalar>>(real: b, imaginary: a)
    return [
      Contender(name: "rowPairs, dot") {
        blackHole(try a.rowPairs(with: b, threads: threads).count)
      },
      Contender(name: "rowPairs with one row, dot") {
        blackHole(try a.rowPairs(with: line, threads: threads).count)
      },
      Contender(name: "rowPairs of one row, dot") {
        blackHole(try line.rowPairs(with: a, threads: threads).count)
      },
      Contender(name: "rowPairs, itself") { blackHole(try a.rowPairs(threads: threads).count) },
      Contender(name: "rowPairs, complex") {
        blackHole(try y.rowPairs(with: z, threads: threads).count)
      },
      Contender(name: "rowPairs, complex, itself") {
        blackHole(try y.rowPairs(threads: threads).count)
      },
      Contender(name: "rowPairs, pearson") {
        blackHole(try a.rowPairs(with: b, measure: .pearson, threads: threads).count)
      },
      Contender(name: "rowPairs, spearman") {
        blackHole(try a.rowPairs(with: b, measure: .spearman, threads: threads).count)
      },
    ]
  }
}

/// What a user's closure would do with a window.
@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
@Sendable private func largest<Scalar: RealScalar>(of window: Span<Scalar>) -> Scalar {
  var largest = window[0]
  for index in window.indices { largest = max(largest, window[index]) }
  return largest
}
