import ConcordArrays
import ConcordBackends
import ConcordFiltering
import Synchronization

/// A template with a mask, prepared for scenes of one size: what is summed, band by band, and how.
///
/// The scores come from sums over the elements that count on both sides, with the weights w = (M S)²
/// of template and scene, each a correlation of a channel of the scene with a kernel of the template:
///
/// | of the scene | w | w u | w u² |
/// |---|---|---|---|
/// | S² | Σ w | Σ w u | Σ w u² |
/// | S² g | Σ w g | Σ w g u | |
/// | S² g² | Σ w g² | | |
///
/// A channel is transformed once, in Double, as real numbers: 3 transforms there and 6 back, besides the
/// 3 of the template, which are kept. Without a mask of the scene, the first row is known from sums over
/// boxes of the template: 2 there and 3 back. scikit-image makes 12 complex ones of the same size, each as
/// much work as two real ones.
final class MaskedEngine<Scalar: RealScalar>: Sendable {
  /// What kernels a set of correlations has.
  enum Kernels: Hashable {
    /// M² and M² u.
    case pair
    /// M², M² u and M² u².
    case triple
    /// M and M u.
    case roots
    /// 1 where M is above 0.
    case support
  }

  private struct Key: Hashable {
    let kernels: Kernels
    let block: Extents
    let lags: [ClosedRange<Int>]

    init(_ kernels: Kernels, _ band: MatchBand) {
      self.kernels = kernels
      block = band.block
      lags = band.lags
    }
  }

  let template: MaskedTemplate<Scalar>
  let geometry: ConvolutionGeometry
  let bands: MatchBands
  let nan: NaNTreatment
  /// The sums over parts of the template at the edges; nil where every window holds all of it.
  let parts: TemplateParts?
  private let correlations = Mutex<[Key: SharedCorrelations]>([:])

  var options: MatchingOptions { template.options }

  /// Prepares the sums, those with masks of scenes as well if the template has none.
  init(
    _ elements: SharedBuffer<Scalar>, weights: MaskWeights<Scalar>?, nan: NaNTreatment,
    geometry: ConvolutionGeometry, options: MatchingOptions
  ) throws(ConcordError) {
    let template = try MaskedTemplate(
      elements, weights: weights, nan: nan, extents: geometry.kernel, options: options)
    let isOpen = options.boundary == .zero || options.boundary == .renormalize
    var geometry = geometry
    geometry.renormalizes = isOpen
    self.template = template
    self.geometry = geometry
    self.nan = nan
    let kernels = weights == nil ? Kernels.triple : .pair
    bands = try MatchBands(
      geometry, isOpen: isOpen, kernels: kernels == .triple ? 3 : 2, options: options.products)
    parts = isOpen && !geometry.staysInside ? TemplateParts(template, geometry) : nil
    for band in bands.bands { _ = try correlations(kernels, band) }
  }

  /// The correlations with some kernels in a band, which are prepared when they are first asked for.
  func correlations(
    _ kernels: Kernels, _ band: MatchBand
  ) throws(ConcordError) -> SharedCorrelations {
    let key = Key(kernels, band)
    let wider = Key(.triple, band)
    return try correlations.withLock { (all) throws(ConcordError) in
      if let known = all[key] { return known }
      if kernels == .pair, let known = all[wider] { return known }
      let made = try SharedCorrelations(
        list(kernels), extents: template.extents, image: band.block, lags: band.lags,
        choice: settled(band), options: options.products)
      all[key] = made
      return made
    }
  }

  /// The strategy of a band: that of all places, but that what is transformed whole has its own lengths.
  private func settled(_ band: MatchBand) -> StrategyEstimate? {
    let isPart = band.count != geometry.output
    return isPart && bands.choice.strategy.algorithm == .fft ? nil : bands.choice
  }

  private func list(_ kernels: Kernels) -> [SharedBuffer<Double>] {
    switch kernels {
    case .pair: Array(template.kernels.prefix(2))
    case .triple: template.kernels
    case .roots: template.roots
    case .support: [support(of: template.weights)]
    }
  }

  /// Overwrites scores with those in a scene.
  func score(
    _ scene: SharedBuffer<Scalar>, weights: MaskWeights<Scalar>?,
    into scores: inout SharedBuffer<Scalar>
  ) throws(ConcordError) {
    try MaskedPass(self, scene, weights).run(into: &scores)
  }

  /// The score at an output by the definition.
  func score(
    in scene: SharedBuffer<Scalar>, weights: MaskWeights<Scalar>?, at output: Extents,
    heedsOverlap: Bool
  ) throws(ConcordError) -> Double {
    let valid = MaskWeights.valid(scene, weights: weights, nan: nan)
    var minimum = 0.0
    if heedsOverlap, options.minimumOverlap > 0 {
      let largest = try MaskedPass(self, scene, weights).largestCount()
      minimum = options.minimumOverlap * largest * (1 - 1e-12)
    }
    let windows = MaskedWindowScores(
      scene: scene, sceneWeights: valid?.values, template: template, geometry: geometry,
      isOpen: bands.isOpen, minimumCount: minimum)
    return windows.score(at: output)
  }
}

/// 1 where a weight is above 0.
private func support(of weights: SharedBuffer<Double>) -> SharedBuffer<Double> {
  var result = SharedBuffer<Double>(uninitializedCount: weights.count)
  var out = result.mutableSpan
  let source = weights.span
  for index in source.indices { out[index] = source[index] > 0 ? 1 : 0 }
  return result
}
