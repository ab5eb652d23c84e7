public import ConcordArrays
import ConcordBackends
import RealModule

/// A Gaussian filter in the domain of frequencies, prepared for images of one shape.
///
/// The spectrum is multiplied with the transform of a Gaussian that is neither sampled nor cut off:
///
///     out = F⁻¹( F(image) · Π exp(-2 π² σ² ν²) ),   ν = k / N,   k = -N/2 … (N - 1)/2
///
/// with one factor for each axis, so the image is periodic: what leaves at one edge comes in at the
/// other. The mean stays as it is, and two filters after another are one with σ² = σ₁² + σ₂², exactly.
/// The cost doesn't depend on sigma.
///
///     let filter = try FourierGaussianFilter<2, Float>(image: image.shape, sigma: [40])
///     let smooth = try filter(image)
///
/// Every element depends on every other one: a single NaN or infinity makes all of them NaN.
///
/// - Complexity: O(*n* log *n*) for any extents, primes too.
/// - SeeAlso: `scipy.ndimage.fourier_gaussian` between `fftn` and `ifftn`; ``GaussianFilter`` for other
///   boundaries.
public struct FourierGaussianFilter<let rank: Int, Scalar: RealScalar>: Sendable {
  /// The shape of the images that the filter is for, and of the results.
  public let imageShape: Shape<rank>
  /// Nil where nothing is smoothed.
  private let product: SpectralProduct<Scalar>?
  private let threads: Int

  /// Prepares a filter with a sigma for each axis, or one for all; 0 leaves an axis as it is.
  ///
  /// - Parameters:
  ///   - image: The shape of the images.
  ///   - sigma: The standard deviation along each axis, in pixels.
  ///   - effort: How thoroughly transforms are planned.
  ///   - threads: How many threads may work; nil for all processors. Results don't depend on it.
  ///   - memoryLimit: The bytes that spectra may take beside input and output; nil for half of the
  ///     machine's.
  /// - Throws: ``ConcordError`` if a sigma is negative or not finite, their number is neither 1 nor that
  ///   of the axes, the image is empty, or memory is too small.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public init(
    image: Shape<rank>, sigma: [Double], effort: Effort = .measure, threads: Int? = nil,
    memoryLimit: Int? = nil
  ) throws(ConcordError) {
    let axes = try GaussianAxes(image: image.components, sigma: sigma, order: [0])
    for sigma in axes.sigma where !(sigma >= 0 && sigma.isFinite) {
      throw .outOfRange(what: "sigma", found: sigma, allowed: "a finite number of at least 0")
    }
    guard image.count > 0 else { throw .empty(what: "the image") }
    var options = ConvolutionOptions(mode: .same, boundary: .wrap)
    (options.effort, options.threads, options.memoryLimit) = (effort, threads, memoryLimit)
    imageShape = image
    self.threads = options.threadCount
    product =
      axes.count == 0 ? nil : try SpectralProduct(image.components, sigma: axes.sigma, options)
  }

  /// Filters an image.
  ///
  /// - Throws: ``ConcordError/shapesDiffer(expected:found:)`` for an image of another shape.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func callAsFunction(
    _ image: NDArray<rank, Scalar>
  ) throws(ConcordError) -> NDArray<rank, Scalar> {
    guard image.shape == imageShape else {
      throw .shapesDiffer(expected: imageShape.components, found: image.shape.components)
    }
    guard let product else { return image }
    return NDArray(shape: imageShape, buffer: product.run(image.buffer, threads: threads))
  }
}

extension NDArray where Scalar: RealScalar {
  /// Returns the array, taken as periodic, smoothed by a Gaussian in the domain of frequencies.
  ///
  ///     out = F⁻¹( F(image) · Π exp(-2 π² σ² ν²) )
  ///
  /// - Complexity: O(*n* log *n*), whatever sigma is.
  /// - Throws: ``ConcordError`` for the reasons that ``FourierGaussianFilter`` gives.
  /// - SeeAlso: `scipy.ndimage.fourier_gaussian`.
  public func fourierGaussianFiltered(
    sigma: [Double], threads: Int? = nil, memoryLimit: Int? = nil
  ) throws(ConcordError) -> NDArray {
    try FourierGaussianFilter(
      image: shape, sigma: sigma, effort: .known, threads: threads, memoryLimit: memoryLimit)(self)
  }
}

/// The product of an image's spectrum with one factor for each axis.
private struct SpectralProduct<Scalar: RealScalar>: Sendable {
  private let extents: Extents
  private let transform: SpectralTransform<Scalar>
  private let spectrum: Spectrum<Scalar>

  init(_ image: [Int], sigma: [Double], _ options: ConvolutionOptions) throws(ConcordError) {
    extents = Extents { $0 < 3 - image.count ? 1 : image[$0 - (3 - image.count)] }
    let sizes = SpectralSizes(lengths: extents, isComplex: false)
    let bytes = 2 * (sizes.workspaceCount + sizes.spectrumCount) * MemoryLayout<Scalar>.stride
    guard bytes <= options.workingMemory else {
      throw .memoryLimit(needed: bytes, limit: options.workingMemory)
    }
    transform = SpectralTransform(
      lengths: extents, isComplex: false, effort: options.planningEffort)
    let lone = [Double](repeating: 0, count: 3 - image.count)
    let (extents, all) = (extents, lone + sigma)
    let factors = (0..<3).map { Self.factor(extent: extents[$0], sigma: all[$0]) }
    spectrum = transform.spectrum(ofFactors: factors, threads: options.threadCount)
  }

  /// The transform of a Gaussian at the frequencies of an axis, the negative ones in the second half.
  private static func factor(extent: Int, sigma: Double) -> [Double] {
    (0..<extent).map { index in
      let frequency = Double(index <= extent / 2 ? index : index - extent) / Double(extent)
      return Double.exp(-2 * .pi * .pi * sigma * sigma * frequency * frequency)
    }
  }

  func run(_ image: SharedBuffer<Scalar>, threads: Int) -> SharedBuffer<Scalar> {
    var out = Samples<Scalar>(real: SharedBuffer(uninitializedCount: extents.count))
    let isFinite = transform.filter(
      Samples(real: image), placement: Placement(whole: extents), by: spectrum, conjugate: false,
      crop: Crop(start: Extents(0, 0, 0), count: extents), into: &out, threads: threads)
    // Every output has a part of every element.
    return isFinite ? out.real : SharedBuffer(repeating: .nan, count: extents.count)
  }
}
