package import ConcordArrays
package import ConcordBackends

/// Executes one strategy with one prepared kernel.
package struct ConvolutionEngine<Scalar: RealScalar>: Sendable {
  package let geometry: ConvolutionGeometry
  private let strategy: ConvolutionStrategy
  private let threads: Int

  /// The kernel as the sums of ``ConvolutionGeometry`` use it: mirrored for a convolution.
  ///
  /// For a complex one the sums are over conj(w), so a convolution's are conjugated beforehand.
  private let weights: Samples<Scalar>
  private let transform: TransformCorrelation<Scalar>?
  private let overlapSave: OverlapSave<Scalar>?
  private let renormalization: Renormalization<Scalar>?

  package var isComplex: Bool { weights.isComplex }

  package init(
    weights: Samples<Scalar>, mirrors: Bool, geometry: ConvolutionGeometry,
    strategy: ConvolutionStrategy, options: ConvolutionOptions, threads: Int? = nil
  ) throws(ConcordError) {
    self.geometry = geometry
    self.strategy = strategy
    self.threads = threads ?? options.threadCount
    let prepared =
      mirrors
      ? Samples(
        real: Self.mirrored(weights.real), imaginary: weights.imaginary.map(Self.mirroredNegated))
      : weights
    self.weights = prepared
    renormalization =
      geometry.renormalizes ? try Renormalization(weights: prepared, geometry: geometry) : nil
    if case .fft(let layout) = strategy {
      transform = TransformCorrelation(
        weights: prepared, geometry: geometry, layout: layout, options: options)
    } else {
      transform = nil
    }
    if case .overlapSave(let layout) = strategy {
      overlapSave = OverlapSave(weights: prepared, geometry: geometry, layout: layout)
    } else {
      overlapSave = nil
    }
  }

  /// Correlates an image with a real kernel, or a complex image with a complex kernel.
  ///
  /// With ``Samples/shift`` the sums are of what is left when it is subtracted, which spares the
  /// caller a centred copy; only where no output reaches beyond the image.
  ///
  /// The imaginary part of an image, filtered by itself with a real kernel, goes on with zeros where
  /// the boundary rule has a constant, which is a real number.
  package func run(
    _ image: Samples<Scalar>, asImaginaryPart: Bool = false
  ) -> Samples<Scalar> {
    let geometry = asImaginaryPart ? imaginaryGeometry : geometry
    var result: Samples<Scalar>
    if let transform {
      result = runTransform(transform, image, geometry)
    } else if let overlapSave {
      result = runTiles(overlapSave, image, geometry)
    } else if isComplex {
      result = runDirectComplex(image)
    } else {
      result = Samples(real: direct(image.real, weights.real, geometry, shift: image.shift ?? 0))
    }
    renormalization?.apply(
      to: &result, ofTransformed: strategy == .direct ? nil : image, threads: threads)
    return result
  }

  private var imaginaryGeometry: ConvolutionGeometry {
    var result = geometry
    result.edges.value = 0
    return result
  }

  private func direct(
    _ image: SharedBuffer<Scalar>, _ weights: SharedBuffer<Scalar>,
    _ geometry: ConvolutionGeometry, shift: Scalar = 0
  ) -> SharedBuffer<Scalar> {
    var out = SharedBuffer<Scalar>(uninitializedCount: geometry.output.count)
    DirectCorrelation.run(
      image, weights: weights, geometry: geometry, shift: shift, threads: threads, into: &out)
    return out
  }

  /// (a + ib) ⋆ (c + id) = (a⋆c + b⋆d) + i (b⋆c - a⋆d): four real correlations.
  private func runDirectComplex(_ image: Samples<Scalar>) -> Samples<Scalar> {
    guard let b = image.imaginary, let d = weights.imaginary else {
      return Samples(real: direct(image.real, weights.real, geometry))
    }
    var real = direct(image.real, weights.real, geometry)
    add(direct(b, d, imaginaryGeometry), times: 1, to: &real)
    var imaginary = direct(b, weights.real, imaginaryGeometry)
    add(direct(image.real, d, geometry), times: -1, to: &imaginary)
    return Samples(real: real, imaginary: imaginary)
  }

  private func add(
    _ x: SharedBuffer<Scalar>, times factor: Scalar, to y: inout SharedBuffer<Scalar>
  ) {
    var target = y.mutableSpan
    Scalar.add(x.span, times: factor, to: &target)
  }

  private func runTransform(
    _ transform: TransformCorrelation<Scalar>, _ image: Samples<Scalar>,
    _ geometry: ConvolutionGeometry
  ) -> Samples<Scalar> {
    var out = Samples<Scalar>(
      real: SharedBuffer(uninitializedCount: geometry.output.count),
      imaginary: isComplex ? SharedBuffer(uninitializedCount: geometry.output.count) : nil)
    if isComplex && !isFinite(image) {
      // Rare enough that the defining sums may take their time.
      return runDirectComplex(image)
    }
    let bad =
      isComplex
      ? nil
      : NonFiniteValues(
        image: image.real, weights: weights.real, geometry: geometry,
        replacement: image.shift ?? 0, threads: threads)
    let clean = bad.map { Samples(real: $0.cleaned, shift: image.shift) } ?? image
    var edges = geometry.edges
    if !Scalar(edges.value).isFinite { edges.value = 0 }
    transform.run(clean, edges: edges, threads: threads, into: &out)
    bad?.restore(in: &out.real)
    return out
  }

  /// Tiles tell whether they met NaN or infinity; the image is only searched for them if so.
  private func runTiles(
    _ tiles: OverlapSave<Scalar>, _ image: Samples<Scalar>, _ geometry: ConvolutionGeometry
  ) -> Samples<Scalar> {
    var out = Samples<Scalar>(
      real: SharedBuffer(uninitializedCount: geometry.output.count),
      imaginary: isComplex ? SharedBuffer(uninitializedCount: geometry.output.count) : nil)
    if tiles.run(image, edges: geometry.edges, threads: threads, into: &out) { return out }
    if isComplex { return runDirectComplex(image) }
    let bad = NonFiniteValues(
      image: image.real, weights: weights.real, geometry: geometry,
      replacement: image.shift ?? 0, threads: threads)
    guard let bad else { return out }
    var edges = geometry.edges
    if !Scalar(edges.value).isFinite { edges.value = 0 }
    _ = tiles.run(
      Samples(real: bad.cleaned, shift: image.shift), edges: edges, threads: threads, into: &out)
    bad.restore(in: &out.real)
    return out
  }

  private func isFinite(_ image: Samples<Scalar>) -> Bool {
    Scalar.allFinite(image.real.span)
      && (image.imaginary.map { Scalar.allFinite($0.span) } ?? true)
      && Scalar(geometry.edges.value).isFinite
  }

  private static func mirrored(_ weights: SharedBuffer<Scalar>) -> SharedBuffer<Scalar> {
    var result = SharedBuffer<Scalar>(uninitializedCount: weights.count)
    var out = result.mutableSpan
    let taps = weights.span
    for index in taps.indices { out[taps.count - 1 - index] = taps[index] }
    return result
  }

  private static func mirroredNegated(_ weights: SharedBuffer<Scalar>) -> SharedBuffer<Scalar> {
    var result = SharedBuffer<Scalar>(uninitializedCount: weights.count)
    var out = result.mutableSpan
    let taps = weights.span
    for index in taps.indices { out[taps.count - 1 - index] = -taps[index] }
    return result
  }
}
