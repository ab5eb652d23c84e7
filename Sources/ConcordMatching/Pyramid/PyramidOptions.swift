/// How a template is looked for from coarse to fine.
public struct PyramidOptions: Hashable, Sendable {
  /// How many elements along each axis become one.
  ///
  /// nil for the largest power of two up to 16 that leaves 8 of the template along every axis. With 1
  /// all places are scored.
  public var factor: Int?
  /// How far a coarse score may be below the threshold, and still be looked at.
  ///
  /// Once as many places are found as are wanted, it may be as far below the last of them. A larger
  /// margin misses fewer places, and takes longer.
  public var margin = 0.25
  /// The most coarse places that are looked at; the best ones count.
  public var candidates = 1000
  /// Which places are wanted.
  ///
  /// The neighbourhood and the excluded border are not taken into account.
  public var peaks = PeakOptions(count: 1)
  /// How the scores of both levels are computed.
  public var matching = MatchingOptions()

  /// The best place.
  public init() {}
}

/// The places found from coarse to fine, and whether there can be others.
public struct PyramidMatches<let rank: Int>: Sendable {
  /// The places, best first; each score is that of the definition.
  public var matches: [Match<rank>]
  /// Whether all places were scored.
  ///
  /// If not, places that a coarse scene doesn't show may be missing; the scores of those that were
  /// found are right.
  public var isExact: Bool
  /// How many elements along each axis became one.
  public var factor: Int
  /// How many coarse places were looked at.
  public var candidates: Int
}
