import ConcordBackends
import ConcordTestSupport
import Testing

@Suite("FFTW plans")
struct FFTWPlanTests {
  static let lengths = [
    [1], [2], [7], [12], [30], [4, 6], [5, 7], [1, 9], [3, 4, 5], [2, 7, 1],
  ]

  @Test("Complex transforms are those of the definition", arguments: lengths, [1, 3])
  func complexTransforms(lengths: [Int], batch: Int) throws {
    try checkComplex(Float.self, lengths, batch)
    try checkComplex(Double.self, lengths, batch)
  }

  private func checkComplex<Scalar: BackendScalar>(
    _ scalar: Scalar.Type, _ lengths: [Int], _ batch: Int
  ) throws {
    var random = SplitMix64(seed: 1)
    let count = lengths.reduce(1, *)
    let input = random.numbers(2 * count * batch)
    for (kind, sign) in [
      (TransformDescription.Kind.complexForward, -1.0), (.complexBackward, 1.0),
    ] {
      let plan = FFTWPlan<Scalar>(
        TransformDescription(kind, lengths: lengths, batch: batch, effort: .estimate))
      var buffer = AlignedBuffer<Scalar>(input)
      plan.execute(inPlace: &buffer)
      var expected: [Double] = []
      for start in stride(from: 0, to: input.count, by: 2 * count) {
        let values = ComplexValues(pairs: Array(input[start..<(start + 2 * count)]))
        expected += values.transformed(lengths: lengths, sign: sign).pairs
      }
      #expect(
        relativeL2Error(buffer.values, expected) < bound(scalar), "\(scalar) \(kind) \(lengths)")
    }
  }

  @Test("Real transforms are half of the definition's, and come back", arguments: lengths, [1, 3])
  func realTransforms(lengths: [Int], batch: Int) throws {
    try checkReal(Float.self, lengths, batch)
    try checkReal(Double.self, lengths, batch)
  }

  private func checkReal<Scalar: BackendScalar>(
    _ scalar: Scalar.Type, _ lengths: [Int], _ batch: Int
  ) throws {
    var random = SplitMix64(seed: 2)
    let forward = TransformDescription(
      .realForward, lengths: lengths, batch: batch, effort: .estimate)
    let backward = TransformDescription(
      .realBackward, lengths: lengths, batch: batch, effort: .estimate)
    let count = forward.sampleCount
    let input = random.numbers(count * batch)
    var reals = AlignedBuffer<Scalar>(input)
    var spectrum = AlignedBuffer<Scalar>(dirty: 2 * forward.binCount * batch)
    let there = FFTWPlan<Scalar>(forward)
    there.execute(reals: &reals, spectrum: &spectrum)
    #expect(reals.values == input, "the samples are kept")
    var expected: [Double] = []
    for start in stride(from: 0, to: input.count, by: count) {
      expected += halfSpectrum(Array(input[start..<(start + count)]), lengths)
    }
    #expect(relativeL2Error(spectrum.values, expected) < bound(scalar), "\(scalar) \(lengths)")
    let back = FFTWPlan<Scalar>(backward)
    var again = AlignedBuffer<Scalar>(dirty: count * batch)
    back.execute(reals: &again, spectrum: &spectrum)
    let scaled = input.map { $0 * Double(count) }
    #expect(relativeL2Error(again.values, scaled) < bound(scalar), "\(scalar) \(lengths)")
  }

  /// The bins 0...n/2 of the last axis, in pairs.
  private func halfSpectrum(_ samples: [Double], _ lengths: [Int]) -> [Double] {
    let whole = ComplexValues(real: samples, imaginary: samples.map { _ in 0 })
      .transformed(lengths: lengths, sign: -1)
    let columns = lengths[lengths.count - 1]
    return (0..<(samples.count / columns)).flatMap { row in
      (0...(columns / 2)).flatMap {
        [whole.real[row * columns + $0], whole.imaginary[row * columns + $0]]
      }
    }
  }

  @Test("Measured plans give the same numbers as guessed ones", arguments: PlanningEffort.allCases)
  func efforts(effort: PlanningEffort) throws {
    var random = SplitMix64(seed: 3)
    let input = random.numbers(2 * 60)
    let plan = FFTWPlan<Double>(
      TransformDescription(.complexForward, lengths: [60], effort: effort))
    var buffer = AlignedBuffer<Double>(input)
    plan.execute(inPlace: &buffer)
    let expected = ComplexValues(pairs: input).transformed(lengths: [60], sign: -1).pairs
    #expect(relativeL2Error(buffer.values, expected) < 1e-14)
  }

  @Test("Samples and bins of a description")
  func counts() {
    let real = TransformDescription(.realForward, lengths: [3, 4, 5])
    #expect(real.sampleCount == 60)
    #expect(real.binCount == 36)
    #expect(TransformDescription(.complexForward, lengths: [3, 4, 5]).binCount == 60)
  }
}
