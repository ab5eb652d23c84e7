import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import RealModule
import Testing

@Suite("Gaussian sizes")
struct GaussianExtentsTests {
  @Test(
    "Are OpenCV's",
    arguments: [(1.0, 7, 9), (1.5, 11, 13), (2.5, 17, 21), (0.3, 3, 3), (10, 61, 81)])
  func openCV(sigma: Double, bytes: Int, others: Int) throws {
    #expect(try GaussianExtents.openCV(sigma: sigma, bytes: true) == bytes)
    #expect(try GaussianExtents.openCV(sigma: sigma) == others)
  }

  /// `cv2.getGaussianKernel(k, 0)` of OpenCV 5.0, from 11 taps on.
  @Test("Give OpenCV's sigma, with which taps are OpenCV's")
  func openCVSigma() throws {
    let expected = [
      11: [0.00881222929256229, 0.02714357714347937, 0.06511405659938269],
      31: [0.0008880585113812, 0.00158610663008152, 0.0027217698613768],
    ]
    for (extent, first) in expected {
      let sigma = try GaussianExtents.openCVSigma(extent: extent)
      let taps = try Signal<Double>.gaussianTaps(sigma: sigma, radius: extent / 2)
      #expect(taps.count == extent)
      #expect(zip(taps.elements, first).allSatisfy { abs($0 - $1) < 1e-15 })
    }
    #expect(try GaussianExtents.openCVSigma(extent: 5) == 0.3 * 1 + 0.8)
  }

  @Test("Are VLFeat's", arguments: [(1.0, 4), (1.1, 5), (0.2, 1), (2.5, 10)])
  func vlFeat(sigma: Double, radius: Int) throws {
    #expect(try GaussianExtents.vlFeatRadius(sigma: sigma) == radius)
  }

  @Test("Refuse what has no meaning")
  func refusals() {
    for sigma in [0, -1, .nan, .infinity] {
      #expect(throws: ConcordError.self) { try GaussianExtents.openCV(sigma: sigma) }
      #expect(throws: ConcordError.self) { try GaussianExtents.vlFeatRadius(sigma: sigma) }
    }
    for extent in [0, 4, -3] {
      #expect(throws: ConcordError.self) { try GaussianExtents.openCVSigma(extent: extent) }
    }
  }

  /// `scipy.ndimage.gaussian_filter1d(x, 1.5, radius=2)` of SciPy 1.17.
  @Test("Reach a radius as SciPy's taps do")
  func radius() throws {
    let signal = Signal<Double>([1, 4, 9, 5, 3, 3, 5])
    let expected = [
      3.022504496431399, 4.227604744684273, 5.213975811326859, 5.10752636044106,
      4.428388587116409, 3.9480750501435544, 4.051924949856446,
    ]
    let found = try signal.gaussianFiltered(sigma: [1.5], radius: [2])
    #expect(zip(found.elements, expected).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test("Have a radius for each axis, which may be 0")
  func radiusPerAxis() throws {
    var random = SplitMix64(seed: 8)
    let image: Image<Double> = random.array([9, 11])
    let both = try image.gaussianFiltered(sigma: [1, 2], radius: [3, 0])
    let rows = try image.gaussianFiltered(sigma: [1, 0], truncate: 3)
    #expect(relativeL2Error(both, rows) < 1e-15)
    let same = try image.gaussianFiltered(sigma: [1.2], truncate: 4)
    #expect(try relativeL2Error(image.gaussianFiltered(sigma: [1.2], radius: [5]), same) < 1e-15)
    for radius in [[-1], [1, 2, 3], [200_000_000]] {
      #expect(throws: ConcordError.self) {
        try image.gaussianFiltered(sigma: [1], radius: radius)
      }
    }
  }
}
