import ArgumentParser
import Concord
import ConcordFiles

/// The command `concord match`.
struct MatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "match",
    abstract: "Find templates in a scene by normalized cross-correlation.",
    discussion: """
      By default a score is the correlation coefficient of the template with the window under it, in \
      -1...1, whatever brightness and contrast are; a flat window scores 0. Rows and columns count \
      from 0 and are those of the template's top left pixel, below 0 where it lies beyond the edge. \
      Colour is matched by luminance unless --channels says otherwise. A template of two axes is \
      looked for in every image of a stack. With masks, scores are those of the pixels that count on \
      both sides.

      Several templates, or one turned and enlarged, are looked for together: every place names the one \
      that fits best there. Their maps are laid over each other by the templates' centres.
      """)

  @Argument(help: "The scene: a file, '-', or a quoted pattern or folder for a stack.")
  var scene: String

  @Argument(
    help: ArgumentHelp(
      "The template, or several, no larger than the scene; for one that is a quoted pattern, its files "
        + "are templates for an image and a stack for a stack.", valueName: "template"))
  var templates: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file for the score of each place: .npy, .tif, .png or .csv, or '-' for standard output "
        + "(.npy)."))
  var output: String?

  @OptionGroup var score: ScoreArguments

  @OptionGroup var variants: VariantArguments

  @OptionGroup var masks: MaskArguments

  @OptionGroup var places: PeakArguments

  @Option(
    help: ArgumentHelp(
      "Look for places in the scene halved N times first, and then around what is found: quicker, but not "
        + "exact.",
      discussion: """
        Places whose fine structure alone is like the template's are not found. For zncc within the \
        scene, and one template.
        """, valueName: "n"))
  var coarse: Int?

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
    try checkStandardInput([scene] + templates + masks.names)
    try checkMasks()
    try checkDistinct([
      ("--output", output), ("--picture", picture), ("--peaks", places.peaks),
      ("--index-map", variants.indexMap),
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
    if coarse != nil { try checkCoarse() }
  }

  /// Refuses what a coarse search doesn't know.
  private func checkCoarse() throws {
    if let coarse, !(1...6).contains(coarse) {
      throw ValidationError("--coarse: expected 1 to 6, found \(coarse)")
    }
    guard score.metric == .zncc, score.extent == .valid, score.channels == .luminance else {
      throw ValidationError(
        "--coarse: expected --metric zncc, --extent valid and --channels luminance")
    }
    guard templates.count == 1, !variants.isAsked else {
      throw ValidationError("--coarse: expected one template, as it is")
    }
    guard output == nil, picture == nil else {
      throw ValidationError("--coarse: expected neither --output nor --picture, as there is no map")
    }
    guard places.neighborhood == nil, places.excludeBorder == nil else {
      throw ValidationError(
        "--coarse: expected neither --neighborhood nor --exclude-border beside it")
    }
  }

  /// Refuses what masks have no meaning for.
  private func checkMasks() throws {
    if score.minOverlap != nil && score.boundary?.rule != .renormalize && !masks.isUsed {
      throw ValidationError(
        "--min-overlap: expected --boundary renormalize or a mask beside it")
    }
    guard masks.isUsed else { return }
    guard templates.count == 1, !variants.isAsked, variants.indexMap == nil, coarse == nil else {
      throw ValidationError(
        "--mask, --scene-mask, --nan: expected one template, as it is, and no --coarse")
    }
    if score.channels == .joint {
      throw ValidationError(
        "--mask, --scene-mask, --nan: expected --channels luminance or each, found joint")
    }
    if places.confidence != nil {
      throw ValidationError("--confidence: expected no masks beside it")
    }
  }

  func run() throws {
    let result = try naming([scene] + templates + masks.names) { () throws(ConcordError) in
      try searched()
    }
    try report.print(result, outputs: [output])
  }

  private func searched() throws(ConcordError) -> Report {
    let settings = JobSettings(
      precision: precision, run: repetition, output: output, range: range,
      progress: report.makeProgress("match"))
    var options = score.options
    options.algorithm = algorithm
    options.threads = machine.threads
    options.memoryLimit = machine.memoryLimit?.bytes
    options.effort = planning.effort ?? repetition.effort
    let scene = try readInput(scene, loads: false)
    let sought = try readTemplates(for: scene)
    guard !masks.isUsed || sought.count == 1 else {
      throw .file(
        path: sought[0].path, problem: "expected one template under masks, found \(sought.count)")
    }
    if sought.count > 1 || variants.isAsked || variants.indexMap != nil {
      guard coarse == nil, score.channels != .each else {
        throw .file(
          path: sought[0].path,
          problem: "expected one template for --coarse and --channels each, found \(sought.count)")
      }
      // Larger ones are read, and let go of, strip by strip.
      if scene.count < 1 << 26 { scene.loadMemory() }
      return try SetMatchJob(
        scene: scene, templates: sought, channels: score.channels,
        rotations: variants.rotations?.values ?? [0], scales: variants.scales?.values ?? [1],
        sampling: variants.interpolation ?? .cubic, places: places.search, picture: picture,
        indexMap: variants.indexMap, options: options, settings: settings
      ).run()
    }
    var found = MatchMasks(nan: masks.nan ?? .spread)
    if let name = masks.mask { found.template = try readInput(name) }
    if let name = masks.sceneMask { found.scene = try readInput(name) }
    return try MatchJob(
      scene: scene, template: sought[0], masks: found, channels: score.channels,
      places: places.search, picture: picture, coarse: coarse, options: options, settings: settings
    ).run()
  }

  /// The templates: the files of a pattern are one stack for a stack, and templates else.
  private func readTemplates(for scene: FileArray) throws(ConcordError) -> [FileArray] {
    var files: [FileArray] = []
    for name in templates {
      let paths = try FilePattern.paths(name)
      if paths.count > 1, templates.count > 1 || scene.rank < 3 {
        for path in paths { files.append(try readInput(path)) }
      } else {
        files.append(name == self.scene ? scene : try readInput(name))
      }
    }
    return files
  }
}
