import ArgumentParser
import Concord

/// The command `concord generate scene`.
struct SceneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scene",
    abstract: "A textured image in which a template stands at a known place.",
    discussion: """
      scene = gain · (texture with the template in it) + offset + noise; the template is written \
      as it was before. Texture and template have mean 0.5 and deviation 0.15.
      """)

  @OptionGroup var data: GenerateArguments

  @Option(help: ArgumentHelp("The file for the template.", valueName: "file"))
  var template: String

  @Option(
    help: ArgumentHelp("The extents of the template.", valueName: "h,w"),
    transform: ExtentList.parsed)
  var templateShape: ExtentList

  @Option(
    help: ArgumentHelp(
      "Row and column of the template's top left pixel (default: chosen by the seed).",
      valueName: "r,c"),
    transform: Offsets.parsed)
  var position: Offsets?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What is added to the scene.", valueName: "d"))
  var offset: Double = 0

  @Option(help: ArgumentHelp("The standard deviation of the scene's noise.", valueName: "s"))
  var noise: Double = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What the scene is multiplied with.", valueName: "g"))
  var gain: Double = 1

  func validate() throws {
    if data.shape.values.count != 2 || templateShape.values.count != 2 {
      throw ValidationError("--shape, --template-shape: expected two extents each")
    }
    if let position, position.values.count != 2 {
      throw ValidationError("--position: expected a row and a column")
    }
    if !(noise >= 0 && noise.isFinite) {
      throw ValidationError("--noise: expected at least 0, found \(noise)")
    }
    if gain == 0 || !gain.isFinite || !offset.isFinite {
      throw ValidationError("--gain, --offset: expected finite numbers and a gain other than 0")
    }
    if template == "-" {
      throw ValidationError("--template: expected a file, found standard output")
    }
    try checkDistinct([("--output", data.output.output), ("--template", template)])
  }

  func run() throws {
    if data.precision == .float { try make(Float.self) } else { try make(Double.self) }
  }

  private func make<S: RealScalar & CommandElement>(_ type: S.Type) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let extents = data.shape.values
    let size = templateShape.values
    var planted = PlantedScene(template: Shape(rows: size[0], columns: size[1]))
    planted.position = position.map { Position(row: $0.values[0], column: $0.values[1]) }
    planted.gain = gain
    planted.offset = offset
    planted.noise = noise
    planted.seed = data.seed
    let made: PlantedScene.Result<S> = try planted.made(
      Shape(rows: extents[0], columns: extents[1]))
    let timing = Timing(seconds: (clock.now - start).inSeconds)
    try S.write([made.template], to: template, range: nil)
    try S.write([made.scene], to: data.output.output, range: data.output.range.range)
    var report = Report(
      title: "generate scene", algorithm: "scene", shape: extents, timing: timing)
    report.lines.removeFirst()
    report.addOutput(data.output.output, shape: extents, precision: data.precision)
    report.add(
      "template", "\(template), \(Format.extents(size))", key: "template", .string(template))
    report.lines.append(
      ("place", "row \(made.position.row), column \(made.position.column)"))
    report.fields += [
      ("row", .integer(made.position.row)), ("column", .integer(made.position.column)),
      ("template_shape", .integers(size)), ("gain", .number(gain)), ("offset", .number(offset)),
      ("noise", .number(noise)),
    ]
    try data.print(report)
  }
}
