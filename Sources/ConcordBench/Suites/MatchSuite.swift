import ArgumentParser
import Concord
import NaiveReference

/// Normalized cross-correlation of a scene with a template.
struct MatchSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "match", abstract: "Normalized cross-correlation by direct sums and transforms.")

  @OptionGroup var suite: SuiteOptions

  @Option(parsing: .upToNextOption, help: "Scene sizes, such as 512 or 480,640.")
  var images: [Size] = [Size(512)]

  @Option(parsing: .upToNextOption, help: "Template sizes.")
  var templates: [Size] = [16, 64].map(Size.init)

  @Option(help: "How many templates of a size are looked for together, beside one by one.")
  var count = 1

  @Option(help: "What is added to the scene, to see what an offset costs in accuracy.")
  var offset = 0.0

  func run() throws {
    var session = try SuiteSession("match", suite)
    for image in images {
      for template in templates {
        try session.run("\(template) in \(image) offset \(offset)") {
          suite.precision == .float
            ? try compare(image, template, as: Float.self)
            : try compare(image, template, as: Double.self)
        }
      }
    }
  }

  private func compare<Scalar: RealScalar>(
    _ size: Size, _ templateSize: Size, as scalar: Scalar.Type
  ) throws -> [Entry] {
    if count > 1 { return try compareMany(size, templateSize, as: scalar) }
    let plain: Image<Scalar> = randomImage(size.rows, size.columns, seed: 4)
    let scene = plain + Scalar(offset)
    let row = (size.rows - templateSize.rows) / 3
    let column = (size.columns - templateSize.columns) / 2
    let template = try scene.view(
      row..<(row + templateSize.rows), column..<(column + templateSize.columns)
    ).copied()
    var contest = Contest()
    for algorithm in [ConvolutionAlgorithm.automatic, .direct, .fft] {
      var options = MatchingOptions()
      options.threads = suite.threads
      options.algorithm = algorithm
      let matcher = try TemplateMatcher(template: template, scene: scene.shape, options: options)
      let contender = Contender(name: algorithm.rawValue) {
        blackHole(try matcher.scores(in: scene).count)
      }
      contest.admit(
        Entrant(
          contender: contender, strategy: "\(matcher.plan.choice.strategy)",
          threads: suite.threads, error: try worstError(of: matcher, in: scene), limit: 1e-4))
    }
    try contest.demandAllRight()
    return try contest.hold(suite.policy).map { entrant, timing in
      var entry = Entry(
        suite: "match", problem: "\(templateSize) in \(size) zncc", entrant: entrant,
        precision: suite.precision, timing: timing, work: (Double(scene.count), "Gpx/s"))
      entry.place(
        "normalized cross-correlation", image: size.extents, kernel: templateSize.extents)
      return entry
    }
  }

  /// Many templates together, and one by one.
  private func compareMany<Scalar: RealScalar>(
    _ size: Size, _ templateSize: Size, as scalar: Scalar.Type
  ) throws -> [Entry] {
    let scene: Image<Scalar> = randomImage(size.rows, size.columns, seed: 4)
    var options = MatchingOptions()
    options.threads = suite.threads
    var templates: [Image<Scalar>] = []
    for seed in 0..<count {
      templates.append(
        randomImage(templateSize.rows, templateSize.columns, seed: UInt64(100 + seed)))
    }
    let matchers = try templates.map {
      try TemplateMatcher(template: $0, scene: scene.shape, options: options)
    }
    let set = try TemplateSet(templates: templates, scene: scene.shape, options: options)
    let found = try set.search(scene)
    let error = try zip(found.matches, matchers).reduce(0.0) { worst, pair in
      let best = try pair.1.bestMatch(in: scene)
      return best?.position == pair.0?.position ? worst : .infinity
    }
    var contest = Contest()
    let single = Contender(name: "one-by-one") {
      for matcher in matchers { blackHole(try matcher.scores(in: scene).count) }
    }
    contest.admit(
      Entrant(
        contender: single, strategy: "\(matchers[0].plan.choice.strategy)",
        threads: suite.threads, error: 0, limit: 1))
    let together = Contender(name: "together") { blackHole(try set.search(scene).matches.count) }
    contest.admit(
      Entrant(
        contender: together, strategy: "\(set.choice.strategy)", threads: suite.threads,
        error: error, limit: 1))
    try contest.demandAllRight()
    return try contest.hold(suite.policy).map { entrant, timing in
      Entry(
        suite: "match", problem: "\(count) × \(templateSize) in \(size) zncc", entrant: entrant,
        precision: suite.precision, timing: timing,
        work: (Double(count * scene.count), "Gpx/s"))
    }
  }

  /// The largest difference between the score map and two-pass sums in Double at random places.
  private func worstError<Scalar: RealScalar>(
    of matcher: TemplateMatcher<2, Scalar>, in scene: Image<Scalar>
  ) throws -> Double {
    let scores = try matcher.scores(in: scene)
    let values = scores.elements
    var generator = SplitMix64(seed: 5)
    var worst = 0.0
    for _ in 0..<100 {
      let row = Int.random(in: 0..<scores.rows, using: &generator)
      let column = Int.random(in: 0..<scores.columns, using: &generator)
      let truth = try matcher.score(in: scene, at: Position(row: row, column: column))
      worst = max(worst, abs(Double(values[row * scores.columns + column]) - truth))
    }
    return worst
  }
}
