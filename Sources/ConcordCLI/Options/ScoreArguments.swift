public import ArgumentParser
public import Concord

extension MatchingMetric: ExpressibleByArgument {}

/// What becomes of colour.
enum MatchChannels: String, ExpressibleByArgument, CaseIterable {
  /// Scene and template are matched by their brightness.
  case luminance
  /// Sums go over all colours.
  case joint
  /// Every colour has scores of its own.
  case each
}

/// How a template's agreement with a scene is measured, and where.
struct ScoreArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How agreement is measured; of ssd and nssd the lowest score is the best.",
      discussion: """
        zncc             correlation coefficient, -1...1 (OpenCV's CCOEFF_NORMED)
        ncc              sum of products over both norms (CCORR_NORMED)
        ssd              sum of squared differences (SQDIFF)
        nssd             the same over both norms (SQDIFF_NORMED)
        cross            sum of products (CCORR)
        zero-mean-cross  the same of what exceeds the means (CCOEFF)
        """))
  var metric: MatchingMetric = .zncc

  @Option(
    help: ArgumentHelp(
      "Places of the template: inside the scene (valid), with its centre inside (same, as pad_input of "
        + "scikit-image), or overlapping it at all (full, as normxcorr2).",
      valueName: "valid|same|full"))
  var extent: ConvolutionMode = .valid

  @Option(
    help: ArgumentHelp(
      "With --extent same or full, how the scene goes on beyond its edges (default: zero).",
      discussion: """
        zero, constant:VALUE, replicate, symmetric, reflect and wrap are as in 'concord convolve'. \
        Under renormalize nothing is there: scores are those of the part of the template inside.
        """, valueName: "rule"))
  var boundary: BoundaryArgument?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --boundary renormalize, the part of the template that has to be inside, 0 to 1; with masks, "
        + "the least overlap as a part of the largest (default: 0).", valueName: "r"))
  var minOverlap: Double?

  @Option(
    help: ArgumentHelp(
      "What a window scores that zncc, ncc and nssd are not defined for: zero (for nssd it is 1) or "
        + "nan (default: zero)."))
  var flat: FlatWindowScore?

  @Option(help: "Match colour by luminance, all colours together (joint), or each for itself.")
  var channels: MatchChannels = .luminance

  func validate() throws {
    if boundary != nil && extent == .valid {
      throw ValidationError("--boundary: expected --extent same or full beside it, found valid")
    }
    if flat != nil && !metric.isNormalized {
      throw ValidationError(
        "--flat: expected --metric zncc, ncc or nssd, found \(metric.rawValue)")
    }
    guard let minOverlap else { return }
    if !(0...1).contains(minOverlap) {
      throw ValidationError("--min-overlap: expected 0 to 1, found \(minOverlap)")
    }
  }

  /// The options of a matcher.
  var options: MatchingOptions {
    var options = MatchingOptions(
      metric: metric, extent: extent, boundary: boundary?.rule ?? .zero)
    options.minimumOverlap = minOverlap ?? 0
    options.flatWindows = flat ?? .zero
    return options
  }
}
