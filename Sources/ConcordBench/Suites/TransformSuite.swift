import ArgumentParser
import Concord
import ConcordBackends

/// Real two-dimensional transforms, there and back: ours against one FFTW plan for the whole image.
struct TransformSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transforms",
    abstract: "Row batches and column blocks against FFTW's own two-dimensional plans.")

  @OptionGroup var suite: SuiteOptions

  @Option(parsing: .upToNextOption, help: "Image sizes, such as 512 or 480,640.")
  var images: [Size] = [256, 512, 1024, 2048].map(Size.init)

  @Option(parsing: .upToNextOption, help: "How FFTW's own plans are made: estimate, measure.")
  var efforts: [PlanningChoice] = [.estimate, .measure]

  func run() throws {
    var session = try SuiteSession("transforms", suite)
    for image in images {
      try session.run("\(image)") {
        suite.precision == .float
          ? try compare(image, as: Float.self) : try compare(image, as: Double.self)
      }
    }
  }

  private func compare<Scalar: RealScalar>(
    _ size: Size, as scalar: Scalar.Type
  ) throws -> [Entry] {
    let image: Image<Scalar> = randomImage(size.rows, size.columns, seed: 3)
    var contest = Contest()
    contest.admit(blocked(image, threads: 1))
    if suite.threads > 1 { contest.admit(blocked(image, threads: suite.threads)) }
    for effort in efforts { contest.admit(native(image, effort)) }
    try contest.demandAllRight()
    return try contest.hold(suite.policy).map { entrant, timing in
      var entry = Entry(
        suite: "transforms", problem: "\(size) there and back", entrant: entrant,
        precision: suite.precision, timing: timing, work: (Double(image.count), "Gpx/s"))
      entry.place("transform there and back", image: size.extents, kernel: [])
      return entry
    }
  }

  private var limit: Double { suite.precision == .float ? 1e-5 : 1e-13 }

  private func blocked<Scalar: RealScalar>(_ image: Image<Scalar>, threads: Int) -> Entrant {
    let extents = image.shape.threeAxes
    let transform = SpectralTransform<Scalar>(
      lengths: extents, isComplex: false, effort: .measure)
    let samples = Samples(real: image.buffer)
    func roundTrip() -> Image<Scalar> {
      let spectrum = transform.spectrum(
        of: samples, placement: Placement(whole: extents), threads: threads)
      var out = Samples(real: SharedBuffer<Scalar>(uninitializedCount: image.count))
      transform.invert(
        spectrum, crop: Crop(start: Extents(0, 0, 0), count: extents), into: &out,
        threads: threads)
      return Image(shape: image.shape, buffer: out.real)
    }
    let error = largestDifference(roundTrip().elements, image.elements)
    let contender = Contender(name: "concord") { blackHole(roundTrip().count) }
    return Entrant(
      contender: contender, strategy: "rows and column blocks", threads: threads, error: error,
      limit: limit)
  }

  private func native<Scalar: RealScalar>(_ image: Image<Scalar>, _ effort: PlanningChoice)
    -> Entrant
  {
    let pair = NativeRoundTrip(
      image.buffer, lengths: image.shape.components, effort: effort.effort.planning)
    pair.run()
    let scale = 1 / Scalar(image.count)
    let error = largestDifference(pair.samples.map { $0 * scale }, image.elements)
    let contender = Contender(name: "fftw") { pair.run() }
    return Entrant(
      contender: contender, strategy: "one plan, \(effort.rawValue)", threads: 1, error: error,
      limit: limit)
  }

  private func largestDifference<Scalar: RealScalar>(
    _ result: [Scalar], _ expected: [Scalar]
  ) -> Double {
    zip(result, expected).reduce(0) { max($0, Double(abs($1.0 - $1.1))) }
  }
}

enum PlanningChoice: String, ExpressibleByArgument, CaseIterable {
  case estimate, measure, patient

  var effort: Effort { Effort(rawValue: rawValue) ?? .measure }
}
