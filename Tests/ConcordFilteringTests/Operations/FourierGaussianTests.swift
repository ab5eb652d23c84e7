import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import RealModule
import Testing

@Suite("Gaussians in the domain of frequencies")
struct FourierGaussianTests {
  /// `ifftn(fourier_gaussian(fftn(y), [0.8, 0.5]))` and `ifft(fourier_gaussian(fft(x), 1.2))` of SciPy
  /// 1.17.
  @Test("Make NaN of everything where anything is not finite", arguments: [Float.nan, .infinity])
  func nonFinite(value: Float) throws {
    var image = Image<Float>(shape: [13, 20], repeating: 1)
    image[5, 7] = value
    let result = try image.fourierGaussianFiltered(sigma: [2])
    #expect(result.elements.allSatisfy { $0.isNaN })
  }

  @Test("Are SciPy's")
  func golden() throws {
    let x = Signal<Double>([1, 4, 9, 5, 3, 3, 5])
    let line = [
      3.569426781660946, 4.603982900801711, 5.565327182192364, 5.157498821411112,
      4.11750662202731, 3.5811894873473227, 3.4050682045592326,
    ]
    #expect(try relativeL2Error(x.fourierGaussianFiltered(sigma: [1.2]).elements, line) < 1e-15)
    let y = try Image<Double>(rows: [[0, 1, 4, 9], [3, 12, 10, 10], [12, 3, 9, 4]])
    let image = [
      4.474642456276663, 4.457280003652178, 6.674231607133334, 7.194107395835324,
      5.440134347641178, 6.703253706378236, 8.181181421953555, 7.635221353709029,
      6.324008185464117, 5.591159218122873, 7.260195514924139, 7.06458478890937,
    ]
    #expect(
      try relativeL2Error(y.fourierGaussianFiltered(sigma: [0.8, 0.5]).elements, image) < 1e-15)
  }

  /// The sum over all frequencies, one axis after another.
  private func naive(_ values: [Double], sigma: Double) -> [Double] {
    let n = values.count
    let kernel = (0..<n).map { d in
      (0..<n).reduce(0.0) { sum, k in
        let frequency = Double(k <= n / 2 ? k : k - n) / Double(n)
        let weight = Double.exp(-2 * .pi * .pi * sigma * sigma * frequency * frequency)
        return sum + weight * Double.cos(2 * .pi * Double(k * d % n) / Double(n)) / Double(n)
      }
    }
    return (0..<n).map { i in
      (0..<n).reduce(0.0) { $0 + values[$1] * kernel[((i - $1) % n + n) % n] }
    }
  }

  @Test("Agree with the sum over frequencies at every length", arguments: [0.4, 1.7, 30.0])
  func lines(sigma: Double) throws {
    for count in Array(1...20) + [31, 64, 97, 101, 120] {
      var random = SplitMix64(seed: UInt64(count))
      let signal: Signal<Double> = random.array([count])
      let expected = naive(signal.elements, sigma: sigma)
      let found = try signal.fourierGaussianFiltered(sigma: [sigma])
      #expect(relativeL2Error(found.elements, expected) < 1e-13, "\(count)")
      let single = try signal.converted(to: Float.self).fourierGaussianFiltered(sigma: [sigma])
      let errors = zip(single.elements, expected).map { abs(Double($0) - $1) }
      #expect(errors.max() ?? 0 < 2e-6, "\(count)")
    }
  }

  @Test("Go axis by axis, in images and volumes of prime and single extents")
  func axes() throws {
    var random = SplitMix64(seed: 5)
    for shape: Shape<3> in [[1, 13, 17], [3, 7, 11], [5, 1, 8], [4, 6, 1], [2, 2, 2]] {
      let volume: Volume<Double> = random.array(shape)
      let sigma = [0.7, 1.3, 2.1]
      var expected = volume
      for axis in 0..<3 {
        var next = expected
        for start in shape.positions where start[axis] == 0 {
          func place(_ index: Int) -> Position<3> { Position { $0 == axis ? index : start[$0] } }
          let line = naive((0..<shape[axis]).map { expected[place($0)] }, sigma: sigma[axis])
          for index in 0..<shape[axis] { next[place(index)] = line[index] }
        }
        expected = next
      }
      let found = try volume.fourierGaussianFiltered(sigma: sigma)
      #expect(relativeL2Error(found, expected) < 1e-14, "\(shape)")
      if shape[0] == 1 {
        let image = try volume.plane(0).copied()
        let flat = try image.fourierGaussianFiltered(sigma: [1.3, 2.1])
        #expect(relativeL2Error(flat.elements, expected.elements) < 1e-14)
      }
    }
  }

  @Test("Keep the mean, leave what has sigma 0, and don't depend on threads")
  func properties() throws {
    var random = SplitMix64(seed: 6)
    let image: Image<Float> = random.array([389, 401], in: 0...255)
    let one = try FourierGaussianFilter<2, Float>(image: image.shape, sigma: [9], threads: 1)(image)
    let two = try FourierGaussianFilter<2, Float>(image: image.shape, sigma: [9], threads: 3)(image)
    #expect(one.elements == two.elements)
    #expect(abs(one.mean - image.mean) < 1e-4)
    #expect(try image.fourierGaussianFiltered(sigma: [0]).elements == image.elements)
    // Twice with σ is once with √2 σ.
    let again = try one.fourierGaussianFiltered(sigma: [9])
    #expect(
      relativeL2Error(again, try image.fourierGaussianFiltered(sigma: [9 * 2.0.squareRoot()]))
        < 1e-6)
  }

  @Test("Refuse what has no meaning")
  func refusals() throws {
    let image = Image<Float>(shape: [64, 64], repeating: 1)
    for sigma in [[-1.0], [.nan], [1, 2, 3]] {
      #expect(throws: ConcordError.self) { try image.fourierGaussianFiltered(sigma: sigma) }
    }
    #expect(throws: ConcordError.self) {
      try image.fourierGaussianFiltered(sigma: [1], memoryLimit: 1000)
    }
    let filter = try FourierGaussianFilter<2, Float>(image: [3, 3], sigma: [1])
    #expect(throws: ConcordError.self) { try filter(image) }
    #expect(throws: ConcordError.self) {
      try Image<Float>(shape: [0, 3], repeating: 0).fourierGaussianFiltered(sigma: [1])
    }
  }
}
