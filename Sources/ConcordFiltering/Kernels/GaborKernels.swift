public import ComplexModule
public import ConcordArrays
import RealModule

extension NDArray where rank == 2, Scalar: RealScalar {
  /// A Gabor kernel: a wave under a Gaussian, which answers to edges and textures of one direction.
  ///
  ///     k(x, y) = exp(-(x'² + γ² y'²) / 2σ²) cos(2π x' / λ + ψ)
  ///     x' = x cos θ + y sin θ,   y' = -x sin θ + y cos θ
  ///
  /// x counts columns to the left and y rows upwards from the centre, as in OpenCV, where a kernel is
  /// correlated: so the result is the convolution with the wave drawn to the right and down. The
  /// kernel reaches 3 standard deviations: `2 r + 1` columns with
  /// r = round(max(|3σ cos θ|, |3σ sin θ / γ|)), halves to even, and rows likewise with sine and
  /// cosine swapped. Nothing is normalized.
  ///
  ///     let stripes = try Image<Float>.gabor(sigma: 3, theta: 0, wavelength: 8)
  ///
  /// - Parameters:
  ///   - sigma: The standard deviation along the wave, in pixels; above 0.
  ///   - theta: The direction in which the wave runs, in radians.
  ///   - wavelength: λ, in pixels; above 0.
  ///   - gamma: How many times narrower the Gaussian is across the wave; above 0.
  ///   - psi: The phase at the centre, in radians: 0 for lines, π/2 for edges.
  ///   - shape: Rows and columns, which are odd; nil for those of 3 standard deviations.
  /// - Returns: The kernel, for a correlation.
  /// - Complexity: O(*m*) for *m* elements.
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` for a number outside its range, an even
  ///   extent, or a radius beyond 10⁴.
  /// - SeeAlso: `cv2.getGaborKernel`, whose elements these are (there ψ is π/2 unless given);
  ///   ``gaborBank(sigma:orientations:wavelength:gamma:psi:)``.
  public static func gabor(
    sigma: Double, theta: Double, wavelength: Double, gamma: Double = 1, psi: Double = 0,
    shape: Shape<2>? = nil
  ) throws(ConcordError) -> NDArray {
    let wave = try GaborWave(
      sigma: sigma, theta: theta, wavelength: wavelength, gamma: gamma, psi: psi)
    let extents = try wave.extents(shape)
    return NDArray(shape: extents) { position in
      let (x, y) = (extents.columns / 2 - position.column, extents.rows / 2 - position.row)
      let (weight, phase) = wave.value(Double(x), Double(y))
      return Scalar(weight * Double.cos(phase))
    }
  }

  /// Gabor kernels of some orientations, all of one shape, for a ``FilterBank``.
  ///
  /// Kernel k of n has θ = π k / n. All are squares of `2 r + 1`, r = round(3 max(σ, σ / γ)), so that
  /// every orientation is whole.
  ///
  ///     let bank = try FilterBank(
  ///       image: image.shape,
  ///       kernels: Image<Float>.gaborBank(sigma: 3, orientations: 8, wavelength: 8), .correlation,
  ///       options: ConvolutionOptions(mode: .same, boundary: .reflect))
  ///     let responses = try bank(image)
  ///
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` for fewer than one orientation, and the
  ///   errors of ``gabor(sigma:theta:wavelength:gamma:psi:shape:)``.
  public static func gaborBank(
    sigma: Double, orientations: Int, wavelength: Double, gamma: Double = 1, psi: Double = 0
  ) throws(ConcordError) -> [NDArray] {
    guard (1...4096).contains(orientations) else {
      throw .outOfRange(
        what: "orientations", found: Double(orientations), allowed: "1 to 4096")
    }
    let wave = try GaborWave(
      sigma: sigma, theta: 0, wavelength: wavelength, gamma: gamma, psi: psi)
    let extent = try wave.extentOfAllOrientations
    var kernels: [NDArray] = []
    for index in 0..<orientations {
      kernels.append(
        try gabor(
          sigma: sigma, theta: .pi * Double(index) / Double(orientations), wavelength: wavelength,
          gamma: gamma, psi: psi, shape: [extent, extent]))
    }
    return kernels
  }
}

extension NDArray where rank == 2 {
  /// A complex Gabor kernel, whose real part is a cosine and whose imaginary part is a sine.
  ///
  ///     k(x, y) = exp(-(x'² + γ² y'²) / 2σ²) exp(i (2π x' / λ + ψ))
  ///
  /// x' and y' are those of the real kernel, but x counts columns to the right and y rows downwards,
  /// as in scikit-image, where a kernel is convolved. So the real part with ψ is the real kernel with
  /// -ψ. The magnitude of the response is that of the wave, whatever its phase. The shape is that of
  /// the real kernel, and nothing is normalized.
  ///
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` for the reasons that
  ///   ``gabor(sigma:theta:wavelength:gamma:psi:shape:)`` gives.
  /// - SeeAlso: `skimage.filters.gabor_kernel` with `frequency=1/λ`, `sigma_x=σ`, `sigma_y=σ/γ`, whose
  ///   elements are these divided by 2π σ²/γ.
  public static func complexGabor<Real: RealScalar>(
    sigma: Double, theta: Double, wavelength: Double, gamma: Double = 1, psi: Double = 0,
    shape: Shape<2>? = nil
  ) throws(ConcordError) -> NDArray where Scalar == Complex<Real> {
    let wave = try GaborWave(
      sigma: sigma, theta: theta, wavelength: wavelength, gamma: gamma, psi: psi)
    let extents = try wave.extents(shape)
    return NDArray(shape: extents) { position in
      let (x, y) = (position.column - extents.columns / 2, position.row - extents.rows / 2)
      let (weight, phase) = wave.value(Double(x), Double(y))
      return Complex(Real(weight * Double.cos(phase)), Real(weight * Double.sin(phase)))
    }
  }
}

/// The wave and the Gaussian of a Gabor kernel, with numbers that were checked.
private struct GaborWave {
  private let sigma: Double
  private let gamma: Double
  private let wavelength: Double
  private let psi: Double
  private let cosine: Double
  private let sine: Double

  init(
    sigma: Double, theta: Double, wavelength: Double, gamma: Double, psi: Double
  ) throws(ConcordError) {
    for (what, value) in [("sigma", sigma), ("wavelength", wavelength), ("gamma", gamma)]
    where !(value > 0 && value.isFinite) {
      throw .outOfRange(what: what, found: value, allowed: "a finite number above 0")
    }
    for (what, value) in [("theta", theta), ("psi", psi)] where !value.isFinite {
      throw .outOfRange(what: what, found: value, allowed: "a finite number")
    }
    (self.sigma, self.wavelength, self.gamma, self.psi) = (sigma, wavelength, gamma, psi)
    (cosine, sine) = (Double.cos(theta), Double.sin(theta))
  }

  /// The Gaussian and the phase of the wave at a place.
  func value(_ x: Double, _ y: Double) -> (weight: Double, phase: Double) {
    let along = x * cosine + y * sine
    let across = gamma * (y * cosine - x * sine)
    let weight = Double.exp(-0.5 * (along * along + across * across) / (sigma * sigma))
    return (weight, 2 * .pi * along / wavelength + psi)
  }

  /// The extents that were asked for, or those of 3 standard deviations.
  func extents(_ wanted: Shape<2>?) throws(ConcordError) -> Shape<2> {
    guard let wanted else {
      let (along, across) = (3 * sigma, 3 * sigma / gamma)
      return Shape(
        rows: try extent(max(abs(along * sine), abs(across * cosine))),
        columns: try extent(max(abs(along * cosine), abs(across * sine))))
    }
    for extent in wanted.components where extent < 1 || extent % 2 == 0 {
      throw .outOfRange(what: "gabor extent", found: Double(extent), allowed: "an odd number")
    }
    return wanted
  }

  var extentOfAllOrientations: Int {
    get throws(ConcordError) { try extent(3 * max(sigma, sigma / gamma)) }
  }

  private func extent(_ radius: Double) throws(ConcordError) -> Int {
    guard radius <= 1e4 else {
      throw .outOfRange(what: "gabor radius", found: radius, allowed: "at most 10000")
    }
    return 2 * Int(radius.rounded(.toNearestOrEven)) + 1
  }
}
