import ConcordBackends
import ConcordTestSupport
import Testing

@Suite("Transforms for filtering")
struct SpectralTransformTests {
  static let lengths = [
    [1, 1, 1], [1, 1, 2], [1, 1, 13], [1, 1, 16], [1, 1, 45], [1, 2, 1], [1, 5, 1], [1, 4, 6],
    [1, 7, 11], [1, 9, 20], [1, 18, 3], [3, 1, 1], [2, 1, 5], [3, 4, 5], [5, 3, 2], [2, 2, 17],
    [1, 35, 40],
  ]

  /// Everything below, for whatever instruction set is in use.
  static func checkAll() throws {
    let tests = SpectralTransformTests()
    for lengths in lengths {
      for isComplex in [false, true] {
        try tests.spectra(lengths: lengths, isComplex: isComplex)
        try tests.filters(lengths: lengths, isComplex: isComplex)
      }
    }
  }

  @Test("The spectrum is the definition's", arguments: lengths, [false, true])
  func spectra(lengths: [Int], isComplex: Bool) throws {
    try checkSpectrum(Float.self, lengths, isComplex)
    try checkSpectrum(Double.self, lengths, isComplex)
  }

  private func checkSpectrum<Scalar: BackendScalar>(
    _ scalar: Scalar.Type, _ lengths: [Int], _ isComplex: Bool
  ) throws {
    let whole = Extents(lengths[0], lengths[1], lengths[2])
    let transform = SpectralTransform<Scalar>(
      lengths: whole, isComplex: isComplex, effort: .estimate)
    // Whole arrays, and smaller ones that zeros follow along some axes.
    for count in [whole, Extents { max(1, whole[$0] - $0) }, Extents { (whole[$0] + 1) / 2 }] {
      var random = SplitMix64(seed: 5)
      let samples = Block(extents: count, isComplex: isComplex, &random)
      let spectrum = transform.spectrum(
        of: samples.buffers(), placement: Placement(whole: count), threads: 2)
      let expected = samples.placed(in: whole).transformed(lengths: lengths, sign: -1)
      var found: [Double] = []
      var wanted: [Double] = []
      for bin in 0..<transform.bins {
        for outer in 0..<transform.columnLength {
          let value = spectrum[bin, outer]
          found += [Double(value.real), Double(value.imaginary)]
          let index = outer * whole.columns + bin
          wanted += [expected.real[index], expected.imaginary[index]]
        }
      }
      #expect(relativeL2Error(found, wanted) < bound(scalar), "\(scalar) \(count) in \(whole)")
    }
  }

  @Test(
    "Products of spectra are circular sums, from wherever the crop begins", arguments: lengths,
    [false, true])
  func filters(lengths: [Int], isComplex: Bool) throws {
    for conjugate in [false, true] {
      try checkFilter(Float.self, lengths, isComplex, conjugate)
      try checkFilter(Double.self, lengths, isComplex, conjugate)
    }
  }

  private func checkFilter<Scalar: BackendScalar>(
    _ scalar: Scalar.Type, _ lengths: [Int], _ isComplex: Bool, _ conjugate: Bool
  ) throws {
    let whole = Extents(lengths[0], lengths[1], lengths[2])
    let transform = SpectralTransform<Scalar>(
      lengths: whole, isComplex: isComplex, effort: .estimate)
    var random = SplitMix64(seed: 6)
    let image = Block(extents: Extents { max(1, whole[$0] - $0) }, isComplex: isComplex, &random)
    let kernel = Block(extents: Extents { min(3, whole[$0]) }, isComplex: isComplex, &random)
    let spectrum = transform.spectrum(
      of: kernel.buffers(), placement: Placement(whole: kernel.extents), threads: 1)
    let product = image.product(kernel, in: whole, conjugate: conjugate)
    for crop in Self.crops(whole) {
      var out = Samples<Scalar>(
        real: SharedBuffer(dirty: crop.count.count),
        imaginary: isComplex ? SharedBuffer(dirty: crop.count.count) : nil)
      let isFinite = transform.filter(
        image.buffers(), placement: Placement(whole: image.extents), by: spectrum,
        conjugate: conjugate, crop: crop, into: &out, threads: 2)
      #expect(isFinite)
      let expected = product.cropped(crop, of: whole)
      let error = relativeL2Error(
        out.real.values + (out.imaginary?.values ?? []),
        expected.real + (isComplex ? expected.imaginary : []))
      #expect(error < bound(scalar), "\(scalar) \(whole) \(crop) \(conjugate)")
    }
  }

  /// Everything; a part; and parts that wrap round the ends of the axes.
  static func crops(_ whole: Extents) -> [Crop] {
    [
      Crop(start: Extents(0, 0, 0), count: whole),
      Crop(start: Extents { whole[$0] / 3 }, count: Extents { (whole[$0] + 1) / 2 }),
      Crop(start: Extents { whole[$0] / 2 }, count: whole),
      Crop(start: Extents { -1 - $0 }, count: Extents { max(1, whole[$0] - $0) }),
    ]
  }

  @Test("The inverse gives the samples back", arguments: lengths)
  func inverse(lengths: [Int]) throws {
    let whole = Extents(lengths[0], lengths[1], lengths[2])
    for isComplex in [false, true] {
      let transform = SpectralTransform<Double>(
        lengths: whole, isComplex: isComplex, effort: .estimate)
      var random = SplitMix64(seed: 7)
      let block = Block(extents: whole, isComplex: isComplex, &random)
      let spectrum = transform.spectrum(
        of: block.buffers(), placement: Placement(whole: whole), threads: 1)
      for crop in Self.crops(whole) {
        var out = Samples<Double>(
          real: SharedBuffer(dirty: crop.count.count),
          imaginary: isComplex ? SharedBuffer(dirty: crop.count.count) : nil)
        transform.invert(spectrum, crop: crop, into: &out, threads: 1)
        let expected = block.values.cropped(crop, of: whole)
        let error = relativeL2Error(
          out.real.values + (out.imaginary?.values ?? []),
          expected.real + (isComplex ? expected.imaginary : []))
        #expect(error < 1e-14, "\(whole) \(crop)")
      }
    }
  }
}
