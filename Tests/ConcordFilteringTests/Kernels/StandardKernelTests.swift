import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import Testing

@Suite("Standard kernels", .standardCosts)
struct StandardKernelTests {
  @Test("Gaussian taps and their derivatives are SciPy's")
  func gaussianTaps() throws {
    let cases = try GoldenFile().cases("taps")
    #expect(cases.count == 24)
    for (words, expected) in cases {
      let sigma = try #require(Double(words[0]))
      let truncate = try #require(Double(words[1]))
      let order = try #require(Int(words[2]))
      let taps = try Signal<Double>.gaussianTaps(sigma: sigma, truncate: truncate, order: order)
      // SciPy derives even where the radius is 0; a single tap of a derivative means nothing.
      if taps.count == 1 && order > 0 { continue }
      #expect(relativeL2Error(taps, expected) < 1e-14, "\(words)")
    }
  }

  @Test("Gaussians sum to 1 and are the products of their taps")
  func gaussians() throws {
    let taps = try Signal<Double>.gaussianTaps(sigma: 1.5)
    #expect(taps.count == 13)
    #expect(abs(taps.elements.reduce(0, +) - 1) < 1e-15)
    let image = try Image<Double>.gaussian(sigma: 1.5, 0.5)
    #expect(image.shape == [13, 5])
    let other = try Signal<Double>.gaussianTaps(sigma: 0.5)
    #expect(image[2, 3] == taps[2] * other[3])
    let volume = try Volume<Float>.gaussian(sigma: 0.5)
    #expect(volume.shape == [5, 5, 5])
    #expect(try Signal<Double>.gaussianTaps(sigma: 0).elements == [1])
  }

  @Test("Box, ones, delta, Laplacian and Sobel, by hand")
  func smallKernels() throws {
    #expect(try Image<Double>.box([2, 4]).elements == [Double](repeating: 0.125, count: 8))
    #expect(Volume<Float>.ones([1, 2, 2]).elements == [1, 1, 1, 1])
    #expect(try Image<Double>.delta([2, 3]).elements == [0, 0, 0, 0, 1, 0])
    #expect(Signal<Double>.laplacian.elements == [1, -2, 1])
    #expect(Image<Double>.laplacian.elements == [0, 1, 0, 1, -4, 1, 0, 1, 0])
    #expect(Volume<Double>.laplacian[1, 1, 1] == -6)
    #expect(Volume<Double>.laplacian.elements.reduce(0, +) == 0)
    #expect(Image<Double>.sobelX.elements == [-1, 0, 1, -2, 0, 2, -1, 0, 1])
    #expect(Image<Double>.sobelY.elements == [-1, -2, -1, 0, 0, 0, 1, 2, 1])
    let ramp = Image<Double>(shape: [5, 5]) { Double(3 * $0.row + 2 * $0.column) }
    #expect(try ramp.correlated(with: .sobelX, mode: .valid).elements.allSatisfy { $0 == 16 })
    #expect(try ramp.correlated(with: .sobelY, mode: .valid).elements.allSatisfy { $0 == 24 })
  }

  @Test("Numbers without a meaning are refused")
  func refusals() throws {
    func refuses(_ what: String, _ make: () throws -> Void) {
      #expect {
        try make()
      } throws: {
        if case .outOfRange(what, _, _)? = $0 as? ConcordError { true } else { false }
      }
    }
    for sigma in [-1, Double.nan, .infinity] {
      refuses("sigma") { _ = try Signal<Double>.gaussianTaps(sigma: sigma) }
      refuses("sigma") { _ = try Image<Float>.gaussian(sigma: sigma) }
    }
    refuses("sigma") { _ = try Signal<Double>.gaussianTaps(sigma: 0, order: 1) }
    for truncate in [0, -4, Double.nan, 1e9] {
      refuses("truncate") { _ = try Signal<Double>.gaussianTaps(sigma: 1, truncate: truncate) }
    }
    for order in [-1, 9] {
      refuses("order") { _ = try Signal<Double>.gaussianTaps(sigma: 1, order: order) }
    }
    #expect(throws: ConcordError.elementCount(expected: 2, found: 3)) {
      try Image<Double>.gaussian(sigma: 1, 2, 3)
    }
    #expect(throws: ConcordError.elementCount(expected: 2, found: 1)) {
      try Image<Double>.separable([Signal([1])])
    }
    #expect(throws: ConcordError.empty(what: "the box")) { try Image<Double>.box([0, 2]) }
    #expect(throws: ConcordError.empty(what: "the delta kernel")) {
      try Image<Double>.delta([2, 0])
    }
  }
}
