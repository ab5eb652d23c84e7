package import ConcordArrays
package import ConcordBackends

/// Executes one strategy with one prepared kernel.
package struct ConvolutionEngine<Scalar: RealScalar>: Sendable {
  /// What a strategy works with.
  ///
  /// Weights are the kernel as the sums of ``ConvolutionGeometry`` use it: mirrored for a convolution.
  /// For a complex one the sums are over conj(w), so a convolution's are conjugated beforehand.
  private enum Executor: Sendable {
    case direct(Samples<Scalar>)
    case matrix(BankMatrix<Scalar>, Samples<Scalar>)
    case transform(TransformCorrelation<Scalar>, Samples<Scalar>)
    case overlapSave(OverlapSave<Scalar>, Samples<Scalar>)
    case separable(SeparableCorrelation<Scalar>, Samples<Scalar>)
    case box(BoxCorrelation<Scalar>, Samples<Scalar>)
    /// A product of given factors, whose sums are settled axis by axis.
    case product(SeparableCorrelation<Scalar>, FactorRenormalization<Scalar>?)
  }

  package let geometry: ConvolutionGeometry
  /// The kernel as the sums of ``geometry`` use it; nil where only its factors are known.
  var weights: Samples<Scalar>? {
    switch executor {
    case .direct(let weights), .matrix(_, let weights), .transform(_, let weights),
      .overlapSave(_, let weights), .separable(_, let weights), .box(_, let weights):
      weights
    case .product: nil
    }
  }
  private let executor: Executor
  private let threads: Int
  private let renormalization: Renormalization<Scalar>?
  /// How an output is cut for direct sums; nil where there are none unless values aren't finite.
  private let directTiles: DirectTiles?
  package let isComplex: Bool

  /// Prepares a kernel that is known by its elements; `factors` are those of `.separable`.
  package init(
    weights: Samples<Scalar>, factors: SeparableKernel<Scalar>? = nil, mirrors: Bool,
    geometry: ConvolutionGeometry, strategy: ConvolutionStrategy, options: ConvolutionOptions,
    threads: Int? = nil
  ) throws(ConcordError) {
    self.geometry = geometry
    self.threads = threads ?? options.threadCount
    isComplex = weights.isComplex
    let prepared =
      mirrors
      ? Samples(
        real: Self.mirrored(weights.real), imaginary: weights.imaginary.map(Self.mirroredNegated))
      : weights
    renormalization =
      geometry.renormalizes && strategy != .box
      ? try Renormalization(weights: prepared, geometry: geometry) : nil
    directTiles = strategy == .direct ? DirectTiles(for: geometry) : nil
    switch strategy {
    case .direct:
      executor = .direct(prepared)
    case .box:
      guard let weight = BoxCorrelation.weight(of: prepared.real), !isComplex else {
        preconditionFailure("Window sums need equal weights")
      }
      executor = .box(BoxCorrelation(weight: weight, geometry: geometry), prepared)
    case .matrix:
      executor = .matrix(
        BankMatrix(BankSizes(one: geometry), weights: prepared.real), prepared)
    case .fft(let layout):
      let transform = TransformCorrelation(
        weights: prepared, geometry: geometry, layout: layout, options: options)
      executor = .transform(transform, prepared)
    case .overlapSave(let layout):
      let tiles = OverlapSave(weights: prepared, geometry: geometry, layout: layout)
      executor = .overlapSave(tiles, prepared)
    case .separable:
      guard let factors else { preconditionFailure("A separable correlation needs factors") }
      let separable = SeparableCorrelation(
        kernel: mirrors ? factors.mirrored : factors, geometry: geometry)
      executor = .separable(separable, prepared)
    }
  }

  /// Prepares a product of one factor for each axis, for the strategy `.separable`.
  init(
    product: SeparableKernel<Scalar>, mirrors: Bool, geometry: ConvolutionGeometry, threads: Int
  ) throws(ConcordError) {
    precondition(product.terms.count == 1)
    self.geometry = geometry
    self.threads = threads
    isComplex = false
    renormalization = nil
    directTiles = nil
    let factors = mirrors ? product.mirrored : product
    executor = .product(
      SeparableCorrelation(kernel: factors, geometry: geometry),
      geometry.renormalizes
        ? try FactorRenormalization(factors: factors.terms[0], geometry: geometry) : nil)
  }

  /// Correlates an image with a real kernel, or a complex image with a complex kernel.
  ///
  /// With ``Samples/shift`` the sums are of what is left when it is subtracted, which spares the
  /// caller a centred copy. A constant beyond the edges is then 0 after the subtraction, whatever the
  /// boundary rule says: what is outside adds nothing.
  ///
  /// The imaginary part of an image, filtered by itself with a real kernel, goes on with zeros where
  /// the boundary rule has a constant, which is a real number.
  package func run(
    _ image: Samples<Scalar>, asImaginaryPart: Bool = false
  ) -> Samples<Scalar> {
    var result = Samples<Scalar>(
      real: SharedBuffer(uninitializedCount: geometry.output.count),
      imaginary: isComplex ? SharedBuffer(uninitializedCount: geometry.output.count) : nil)
    run(image, asImaginaryPart: asImaginaryPart, into: &result)
    return result
  }

  /// The same into memory that is there: an imaginary part too for a complex kernel.
  package func run(
    _ image: Samples<Scalar>, asImaginaryPart: Bool = false, into result: inout Samples<Scalar>
  ) {
    var geometry = asImaginaryPart ? imaginaryGeometry : geometry
    if let shift = image.shift, geometry.edges.rule == .constant {
      geometry.edges.value = Double(shift)
    }
    // Sums that were not made term by term, as the definition has them, round relative to all weights.
    var isRearranged = true
    switch executor {
    case .direct(let weights):
      isRearranged = false
      if isComplex {
        runDirectComplex(image, weights, into: &result)
      } else {
        direct(image.real, weights.real, geometry, shift: image.shift ?? 0, into: &result.real)
      }
    case .matrix(let product, _):
      isRearranged = false
      product.run(
        [image.real], edges: geometry.edges, shift: image.shift ?? 0, threads: threads,
        into: &result.real)
    case .transform(let transform, let weights):
      let isFinite = transform.run(image, edges: geometry.edges, threads: threads, into: &result)
      if !isFinite { restore(image, weights, geometry, in: &result) }
    case .overlapSave(let tiles, let weights):
      let isFinite = tiles.run(image, edges: geometry.edges, threads: threads, into: &result)
      if !isFinite { restore(image, weights, geometry, in: &result) }
    case .separable(let separable, let weights):
      // Outputs see their own windows alone, but factors of zero, and what cancels, see infinity.
      let isFinite = separable.run(
        image, edges: geometry.edges, threads: threads, into: &result.real)
      if !isFinite { restore(image, weights, geometry, in: &result) }
    case .box(_, let weights) where image.shift != nil:
      direct(image.real, weights.real, geometry, shift: image.shift ?? 0, into: &result.real)
    case .box(let box, _):
      // Windows are summed on their own, NaN and infinity included.
      box.run(image, edges: geometry.edges, threads: threads, into: &result.real)
    case .product(let separable, let renormalization):
      // The sums along each axis are the definition's own, NaN and infinity included.
      _ = separable.run(image, edges: geometry.edges, threads: threads, into: &result.real)
      renormalization?.apply(to: &result.real, threads: threads)
    }
    renormalization?.apply(
      to: &result, ofTransformed: isRearranged ? image : nil, threads: threads)
  }

  /// The geometry of an image's imaginary part.
  var imaginaryGeometry: ConvolutionGeometry {
    var result = geometry
    result.edges.value = 0
    return result
  }

  private func direct(
    _ image: SharedBuffer<Scalar>, _ weights: SharedBuffer<Scalar>,
    _ geometry: ConvolutionGeometry, shift: Scalar = 0, into out: inout SharedBuffer<Scalar>
  ) {
    DirectCorrelation.run(
      image, weights: weights, geometry: geometry, shift: shift,
      tiles: directTiles ?? DirectTiles(for: geometry), threads: threads, into: &out)
  }

  /// (a + ib) ⋆ (c + id) = (a⋆c + b⋆d) + i (b⋆c - a⋆d): four real correlations.
  private func runDirectComplex(
    _ image: Samples<Scalar>, _ weights: Samples<Scalar>, into out: inout Samples<Scalar>
  ) {
    direct(image.real, weights.real, geometry, into: &out.real)
    guard let b = image.imaginary, let d = weights.imaginary, var imaginary = out.imaginary else {
      return
    }
    out.imaginary = nil
    add(b, d, times: 1, imaginaryGeometry, to: &out.real)
    direct(b, weights.real, imaginaryGeometry, into: &imaginary)
    add(image.real, d, times: -1, geometry, to: &imaginary)
    out.imaginary = imaginary
  }

  private func add(
    _ image: SharedBuffer<Scalar>, _ weights: SharedBuffer<Scalar>, times factor: Scalar,
    _ geometry: ConvolutionGeometry, to out: inout SharedBuffer<Scalar>
  ) {
    DirectCorrelation.add(
      image, weights: weights, times: factor, geometry: geometry,
      tiles: directTiles ?? DirectTiles(for: geometry), threads: threads, to: &out)
  }

  /// Puts NaN and infinity where the sums that define the result have them.
  private func restore(
    _ image: Samples<Scalar>, _ weights: Samples<Scalar>, _ geometry: ConvolutionGeometry,
    in out: inout Samples<Scalar>
  ) {
    typealias Channel = NonFiniteValues<Scalar>.Channel
    var channels = [Channel(pixels: image.real, edges: geometry.edges)]
    guard let b = image.imaginary, let d = weights.imaginary, var imaginary = out.imaginary else {
      let values = NonFiniteValues(channels, geometry: geometry, threads: threads)
      values?.restore(in: &out.real, weights: weights.real)
      return
    }
    // Both parts are sums over two channels: (a⋆c + b⋆d) + i (b⋆c - a⋆d).
    channels.append(Channel(pixels: b, edges: imaginaryGeometry.edges))
    let values = NonFiniteValues(channels, geometry: geometry, threads: threads)
    guard let values else { return }
    out.imaginary = nil
    let c = weights.real
    values.restore(in: &out.real, weights: Self.joined(c, d, sign: 1))
    values.restore(in: &imaginary, weights: Self.joined(d, c, sign: -1))
    out.imaginary = imaginary
  }

  /// One list of weights, of a sign, before another.
  private static func joined(
    _ first: SharedBuffer<Scalar>, _ second: SharedBuffer<Scalar>, sign: Scalar
  ) -> SharedBuffer<Scalar> {
    var result = SharedBuffer<Scalar>(uninitializedCount: first.count + second.count)
    var out = result.mutableSpan
    let (x, y) = (first.span, second.span)
    for index in x.indices { out[index] = sign * x[index] }
    for index in y.indices { out[x.count + index] = y[index] }
    return result
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
