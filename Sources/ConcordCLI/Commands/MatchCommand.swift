import ArgumentParser
import Concord
import ConcordFiles

/// The command `concord match`.
struct MatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "match",
    abstract: "Find a template in a scene by normalized cross-correlation.",
    discussion: """
      By default a score is the correlation coefficient of the template with the window under it, in \
      -1...1, whatever brightness and contrast are; a flat window scores 0. Rows and columns count \
      from 0 and are those of the template's top left pixel, below 0 where it lies beyond the edge. \
      Colour is matched by luminance unless --channels says otherwise. A template of two axes is \
      looked for in every image of a stack. With masks, scores are those of the pixels that count on \
      both sides.
      """)

  @Argument(help: "The scene: a file, '-', or a quoted pattern or folder for a stack.")
  var scene: String

  @Argument(help: "The template, no larger than the scene.")
  var template: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file for the score of each place: .npy, .tif, .png or .csv, or '-' for standard output "
        + "(.npy)."))
  var output: String?

  @OptionGroup var score: ScoreArguments

  @OptionGroup var masks: MaskArguments

  @OptionGroup var places: PeakArguments

  @Option(help: "The way to compute it; auto takes the fastest for the sizes.")
  var algorithm: ConvolutionAlgorithm = .automatic

  @Option(
    help: ArgumentHelp(
      "Draw the scene with the places boxed and the scores beside it.", valueName: "file.png"))
  var picture: String?

  @OptionGroup var planning: EffortOptions
  @OptionGroup var range: RangeOptions
  @OptionGroup var machine: MachineOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var repetition: RunOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    try checkName(output)
    try range.check(outputs: [output])
    try report.check(outputs: [output])
    try checkStandardInput([scene, template] + masks.names)
    try checkMasks()
    try checkDistinct([
      ("--output", output), ("--picture", picture), ("--peaks", places.peaks),
    ])
    if let picture, !picture.lowercased().hasSuffix(".png") {
      throw ValidationError("--picture: expected a name that ends in .png, found '\(picture)'")
    }
    if picture != nil && score.channels == .each {
      throw ValidationError("--picture: expected --channels luminance or joint, found each")
    }
    if places.confidence != nil {
      guard score.options.metric == .zncc, score.options.extent == .valid, score.channels != .joint
      else {
        throw ValidationError(
          "--confidence: expected --metric zncc, --extent valid and --channels luminance or each")
      }
    }
  }

  /// Refuses what masks have no meaning for.
  private func checkMasks() throws {
    if score.minOverlap != nil && score.boundary?.rule != .renormalize && !masks.isUsed {
      throw ValidationError(
        "--min-overlap: expected --boundary renormalize or a mask beside it")
    }
    guard masks.isUsed else { return }
    if score.channels == .joint {
      throw ValidationError(
        "--mask, --scene-mask, --nan: expected --channels luminance or each, found joint")
    }
    if places.confidence != nil {
      throw ValidationError("--confidence: expected no masks beside it")
    }
  }

  func run() throws {
    let settings = JobSettings(
      precision: precision, run: repetition, output: output, range: range,
      progress: report.makeProgress("match"))
    var options = score.options
    options.algorithm = algorithm
    options.threads = machine.threads
    options.memoryLimit = machine.memoryLimit?.bytes
    options.effort = planning.effort ?? repetition.effort
    let result = try naming([scene, template] + masks.names) { () throws(ConcordError) in
      let (scene, template) = try readInputs(scene, template)
      var found = MatchMasks(nan: masks.nan ?? .spread)
      if let name = masks.mask { found.template = try readInput(name) }
      if let name = masks.sceneMask { found.scene = try readInput(name) }
      return try MatchJob(
        scene: scene, template: template, masks: found, channels: score.channels,
        places: places.search, picture: picture, options: options, settings: settings
      ).run()
    }
    try report.print(result, outputs: [output])
  }
}
