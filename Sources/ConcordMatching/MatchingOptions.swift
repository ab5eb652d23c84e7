public import ConcordArrays
import ConcordBackends
public import ConcordFiltering

/// How a template is looked for.
public struct MatchingOptions: Hashable, Sendable {
  /// How agreement is measured.
  public var metric = MatchingMetric.zncc
  /// At which places the template is scored; `N` and `M` are the extents of scene and template.
  ///
  /// `valid` are those where it lies inside the scene, `N - M + 1` along each axis. `same` are `N`,
  /// where its centre, the element (M - 1) / 2, lies inside, as `pad_input` of scikit-image's
  /// `match_template` has it. `full` are the `N + M - 1` where it overlaps the scene at all, as those
  /// of MATLAB's `normxcorr2`.
  public var extent = ConvolutionMode.valid
  /// How the scene goes on beyond its edges, for windows that reach past them.
  ///
  /// Under `renormalize` nothing is there: the score is that of the elements inside with the part of
  /// the template that covers them.
  public var boundary = Boundary.zero
  /// The least part of a template that has to lie inside the scene, 0...1, under `renormalize`.
  ///
  /// Less of an overlap scores 0, or 1 for `nssd`, and NaN for `ssd` or where ``flatWindows`` says so.
  /// Two elements always correlate with a coefficient of ±1.
  public var minimumOverlap = 0.0
  /// What a window scores that normalized metrics are not defined for: one without contrast for
  /// `zncc`, one of zeros for `ncc` and `nssd`.
  ///
  /// Under `zero` there is no agreement: 0, or 1 for `nssd`, as in OpenCV.
  public var flatWindows = FlatWindowScore.zero
  /// The way the products of scene and template are summed.
  public var algorithm = ConvolutionAlgorithm.automatic
  /// How thoroughly transforms are planned; nil to measure for a matcher, which is made to be used
  /// again, and to take what is known for a single call.
  public var effort: Effort?
  /// How many threads may work; nil for all processors.
  ///
  /// Scores don't depend on it.
  public var threads: Int?
  /// The bytes that working memory may take; nil for half of the machine's.
  public var memoryLimit: Int?

  /// The default options.
  public init() {}

  /// Options with a metric, an extent and a boundary rule, and the defaults for the rest.
  public init(
    metric: MatchingMetric, extent: ConvolutionMode = .valid, boundary: Boundary = .zero
  ) {
    self.metric = metric
    self.extent = extent
    self.boundary = boundary
  }

  /// The same, for a matcher that serves one call only.
  var forSingleCall: MatchingOptions {
    var options = self
    options.effort = effort ?? .known
    return options
  }

  var threadCount: Int { max(1, threads ?? availableProcessors) }

  /// Refuses a template without a place, and an overlap that none has.
  func check<let rank: Int>(
    template: Shape<rank>, scene: Shape<rank>
  ) throws(ConcordError) {
    for axis in 0..<rank where extent == .valid && template[axis] > scene[axis] {
      throw .exceeds(
        what: "the template", extents: template.components, limit: scene.components)
    }
    guard (0...1).contains(minimumOverlap) else {
      throw .outOfRange(
        what: "the minimum overlap", found: minimumOverlap, allowed: "0 to 1")
    }
  }

  /// What too little of an overlap scores: no sum of squares may be mistaken for a perfect match.
  var missingScore: Double { metric == .ssd ? .nan : flatScore }

  /// What a window scores that the metric is not defined for.
  var flatScore: Double {
    flatWindows == .nan ? .nan : metric == .nssd ? 1 : 0
  }

  /// The plan of the sums of products of scene and centred template.
  ///
  /// Beyond the edges a constant adds nothing to them, and what it would add is known from sums over
  /// parts of the template: no constant takes digits away from what is inside.
  var products: ConvolutionOptions {
    var options = ConvolutionOptions(
      mode: extent, boundary: boundary.isConstant || boundary == .renormalize ? .zero : boundary)
    options.anchor = .correlate2d
    options.algorithm = algorithm
    options.effort = effort
    options.threads = threads
    options.memoryLimit = memoryLimit
    return options
  }

  /// The windows under which scores are taken, with the boundary rule.
  var windows: ConvolutionOptions {
    var options = ConvolutionOptions(mode: extent, boundary: boundary)
    options.anchor = .correlate2d
    return options
  }
}
