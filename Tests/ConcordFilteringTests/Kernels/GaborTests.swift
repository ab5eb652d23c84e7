import ComplexModule
import ConcordArrays
import ConcordFiltering
import RealModule
import Testing

@Suite("Gabor kernels")
struct GaborTests {
  /// `cv2.getGaborKernel((3, 3), 1.5, 0.6, 4, 0.5, 0.3)` of OpenCV 5.0.
  private let golden = [
    -0.5130043267368041, 0.3359292950434318, 0.879462269618349, -0.0216471519946288,
    0.955336489125606, 0.45878203179783367, 0.6712595540646834, 0.7468834748675869,
    -0.19941601094788486,
  ]

  @Test("Have OpenCV's elements")
  func openCV() throws {
    let kernel = try Image<Double>.gabor(
      sigma: 1.5, theta: 0.6, wavelength: 4, gamma: 0.5, psi: 0.3, shape: [3, 3])
    #expect(zip(kernel.elements, golden).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  /// The shapes are those of `cv2.getGaborKernel((0, 0), …)`.
  @Test(
    "Reach three standard deviations, as OpenCV's do",
    arguments: [
      (2.0, 0.6, 0.5, [21, 15]), (1.5, 2.0, 1.0, [9, 9]), (3.0, 1.1, 2.0, [17, 9]),
      (1.0, 2.0, 0.5, [7, 11]),
    ])
  func extents(sigma: Double, theta: Double, gamma: Double, shape: [Int]) throws {
    let kernel = try Image<Float>.gabor(sigma: sigma, theta: theta, wavelength: 5, gamma: gamma)
    #expect(kernel.shape.components == shape)
  }

  /// `skimage.filters.gabor_kernel(0.25, theta=0.6, sigma_x=1.5, sigma_y=3, n_stds=0.4, offset=0.3)`
  /// times 2π · 1.5 · 3, of scikit-image 0.26.
  @Test("Have scikit-image's complex elements")
  func complex() throws {
    let kernel: Image<Complex<Double>> = try .complexGabor(
      sigma: 1.5, theta: 0.6, wavelength: 4, gamma: 0.5, psi: 0.3, shape: [3, 3])
    let imaginary = [
      -0.617061604705984, -0.4967749508210334, 0.5763786256523551, -0.7089376396202308,
      0.2955202066613395, 0.8441593039121077, -0.09668415252645053, 0.8317281920947159,
      0.3966841693009811,
    ]
    // The real part is the real kernel's, mirrored.
    #expect(zip(kernel.real.elements, golden.reversed()).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(zip(kernel.imaginary.elements, imaginary).allSatisfy { abs($0 - $1) < 1e-14 })
    let opposite = try Image<Double>.gabor(
      sigma: 1.5, theta: 0.6, wavelength: 4, gamma: 0.5, psi: -0.3, shape: [3, 3])
    #expect(zip(kernel.real.elements, opposite.elements).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  @Test("Of several orientations make a bank that tells directions apart")
  func bank() throws {
    let kernels = try Image<Float>.gaborBank(sigma: 3, orientations: 4, wavelength: 8)
    #expect(kernels.map(\.shape.components) == Array(repeating: [19, 19], count: 4))
    for (index, kernel) in kernels.enumerated() {
      // Waves that run along x, the diagonal, y and the other diagonal.
      let (x, y) = [(1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (-1.0, 1.0)][index]
      let length = (x * x + y * y).squareRoot()
      let waves = Image<Float>(shape: [48, 48]) { p in
        Float(Double.cos(2 * .pi * (x * Double(p.column) + y * Double(p.row)) / (8 * length)))
      }
      let bank = try FilterBank(
        image: waves.shape, kernels: kernels, .correlation,
        options: ConvolutionOptions(mode: .valid))
      let strengths = try bank(waves).map { response in
        response.elements.reduce(0) { $0 + $1 * $1 }
      }
      #expect(strengths.indices.max { strengths[$0] < strengths[$1] } == index)
      #expect(strengths.enumerated().allSatisfy { $0 == index || $1 < strengths[index] / 4 })
      #expect(kernel.shape == kernels[0].shape)
    }
  }

  @Test(
    "Refuse numbers that make no kernel",
    arguments: [
      (0.0, 0.0, 4.0, 1.0, "sigma: expected a finite number above 0, found 0.0"),
      (1, .nan, 4, 1, "theta: expected a finite number, found nan"),
      (1, 0, -4, 1, "wavelength: expected a finite number above 0, found -4.0"),
      (1, 0, 4, 0, "gamma: expected a finite number above 0, found 0.0"),
      (1e6, 0, 4, 1, "gabor radius: expected at most 10000, found 3000000.0"),
    ])
  func refusals(
    sigma: Double, theta: Double, wavelength: Double, gamma: Double, message: String
  ) throws {
    let error = #expect(throws: ConcordError.self) {
      try Image<Float>.gabor(sigma: sigma, theta: theta, wavelength: wavelength, gamma: gamma)
    }
    #expect(error?.description == message)
    #expect(throws: ConcordError.self) {
      try Image<Float>.gabor(sigma: 1, theta: 0, wavelength: 4, shape: [3, 4])
    }
    #expect(throws: ConcordError.self) {
      try Image<Float>.gaborBank(sigma: 1, orientations: 0, wavelength: 4)
    }
  }
}
