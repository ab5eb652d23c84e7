public import ConcordArrays
import RealModule

/// How other libraries derive the size of a Gaussian kernel from sigma, and sigma from the size.
///
///     let radius = try GaussianExtents.openCV(sigma: 2.5) / 2
///     let blurred = try image.gaussianFiltered(
///       sigma: [2.5], radius: [radius],
///       options: ConvolutionOptions(mode: .same, boundary: .reflect))     // as cv2.GaussianBlur
public enum GaussianExtents {
  /// The taps that `cv2.GaussianBlur` takes where no size is given.
  ///
  ///     k = round(6 σ + 1) | 1   for bytes,   round(8 σ + 1) | 1   for other elements
  ///
  /// Halves are rounded to even; the result is odd.
  ///
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` unless sigma is above 0 and at most 10⁷.
  public static func openCV(sigma: Double, bytes: Bool = false) throws(ConcordError) -> Int {
    try check(sigma)
    return Int((sigma * (bytes ? 6 : 8) + 1).rounded(.toNearestOrEven)) | 1
  }

  /// The sigma that `cv2.GaussianBlur` takes where only a size is given.
  ///
  ///     σ = 0.3 ((k - 1) / 2 - 1) + 0.8
  ///
  /// OpenCV has taps of its own for sizes up to 9 (binomial ones up to 5), which no sigma makes.
  ///
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` unless the size is odd and at least 1.
  public static func openCVSigma(extent: Int) throws(ConcordError) -> Double {
    guard extent >= 1, extent % 2 == 1 else {
      throw .outOfRange(
        what: "extent", found: Double(extent), allowed: "an odd number of at least 1")
    }
    return 0.3 * (Double(extent - 1) / 2 - 1) + 0.8
  }

  /// The radius of the taps of VLFeat's `vl_imsmooth`, ⌈4σ⌉, which are `2 r + 1`.
  ///
  /// Its padding is `replicate` ('continuity') unless it is zero.
  ///
  /// - Throws: ``ConcordError/outOfRange(what:found:allowed:)`` unless sigma is above 0 and at most 10⁷.
  public static func vlFeatRadius(sigma: Double) throws(ConcordError) -> Int {
    try check(sigma)
    return Int((4 * sigma).rounded(.up))
  }

  private static func check(_ sigma: Double) throws(ConcordError) {
    guard sigma > 0, sigma <= 1e7 else {
      throw .outOfRange(what: "sigma", found: sigma, allowed: "above 0 and at most 1e7")
    }
  }
}
