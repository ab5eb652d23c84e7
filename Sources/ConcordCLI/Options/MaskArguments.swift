public import ArgumentParser
public import Concord

extension NaNTreatment: ExpressibleByArgument {}

/// What counts of a scene and of a template.
struct MaskArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What counts of the template: a file of its size.",
      discussion: """
        Integers, as of .png, and booleans count where they are not 0; floats are weights from 0 to 1, \
        which sums have squared (both as OpenCV has it).
        """, valueName: "file"))
  var mask: String?

  @Option(
    help: ArgumentHelp(
      "What counts of the scene, likewise. Nothing counts beyond the edges, unless --boundary puts "
        + "something there.", valueName: "file"))
  var sceneMask: String?

  @Option(
    help: ArgumentHelp(
      "What NaN means: a window that holds it has no score (spread), or it does not count (mask) "
        + "(default: spread)."))
  var nan: NaNTreatment?

  /// Whether anything may not count.
  var isUsed: Bool { mask != nil || sceneMask != nil || nan == .asMask }

  /// The files that are read.
  var names: [String] { [mask, sceneMask].compactMap(\.self) }
}
