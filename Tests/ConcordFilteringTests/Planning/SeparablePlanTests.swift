import ComplexModule
import ConcordArrays
import ConcordBackends
import ConcordFiltering
import ConcordTestSupport
import NaiveReference
import Testing

@Suite("Plans of separable kernels", .standardCosts)
struct SeparablePlanTests {
  private func problem(_ image: [Int], _ kernel: [Int]) throws -> ConvolutionProblem {
    ConvolutionProblem(
      geometry: try ConvolutionGeometry(
        image: image, kernel: kernel, operation: .correlation,
        options: ConvolutionOptions(mode: .same)),
      threads: 1, processors: 1)
  }

  @Test("Are passes along the axes where these are the least work")
  func choices() throws {
    var samples = RandomSamples(seed: 1)
    for (terms, extent) in [(1, 9), (1, 15), (2, 9)] {
      let kernel: Image<Float> = try samples.kernel([extent, extent], terms: terms)
      let plan = try ConvolutionPlan(image: [2048, 2048], kernel: kernel, .correlation)
      #expect(plan.choice.strategy == .separable(terms: terms))
    }
    let deep: Volume<Double> = try samples.kernel([7, 7, 7], terms: 1)
    let plan = try ConvolutionPlan(image: [100, 100, 100], kernel: deep, .convolution)
    #expect(plan.choice.strategy == .separable(terms: 1))
    #expect("\(plan.choice.strategy)" == "separable")
  }

  @Test("Don't look for more terms than are of use, and for none where there is nothing to gain")
  func usefulTerms() throws {
    func terms(_ image: [Int], _ kernel: [Int]) throws -> Int {
      try ConvolutionPlanner.usefulTerms(for: problem(image, kernel))
    }
    #expect(try terms([2048, 2048], [9, 9]) >= 2)
    #expect(try (1..<5).contains(terms([2048, 2048], [15, 15])))
    #expect(try terms([16, 16], [3, 3]) == 0)
    #expect(try terms([10_000], [5]) == 0)
    #expect(try terms([2048, 2048], [1, 31]) == 0)
    var bad = try problem([2048, 2048], [15, 15])
    bad.kernelIsFinite = false
    #expect(ConvolutionPlanner.usefulTerms(for: bad) == 0)
    bad.kernelIsFinite = true
    bad.isComplex = true
    #expect(ConvolutionPlanner.usefulTerms(for: bad) == 0)
  }

  @Test("Weigh every term")
  func costs() throws {
    var problem = try problem([1000, 1000], [21, 21])
    var last = 0.0
    for terms in [1, 2, 5] {
      problem.separableTerms = terms
      let all = ConvolutionPlanner.candidates(for: problem)
      let own = try #require(all.first { $0.strategy == .separable(terms: terms) })
      #expect(own.seconds > last && own.bytes > 0)
      last = own.seconds
    }
    problem.separableTerms = 1
    #expect(
      try ConvolutionPlanner.choose(for: problem, options: ConvolutionOptions()).strategy
        == .separable(terms: 1))
    problem.separableTerms = 9
    #expect(
      try ConvolutionPlanner.choose(for: problem, options: ConvolutionOptions()).strategy
        != .separable(terms: 9))
  }

  @Test("Say of how many terms a kernel is that can't be forced to be separable")
  func refusals() throws {
    var samples = RandomSamples(seed: 2)
    var options = ConvolutionOptions(mode: .same)
    options.algorithm = .separable
    func refuses<Scalar: RealScalar>(_ kernel: Image<Scalar>, _ why: String) {
      #expect(throws: ConcordError.algorithmCannotServe(algorithm: "separable", why: why)) {
        try ConvolutionPlan(image: [40, 50], kernel: kernel, .convolution, options: options)
      }
    }
    refuses(
      samples.real(Shape(rows: 9, columns: 7)),
      "expected a kernel that is a sum of at most 3 products of one factor for each axis, found 7")
    refuses(
      try samples.kernel([9, 7], terms: 4) as Image<Double>,
      "expected a kernel that is a sum of at most 3 products of one factor for each axis, found 4")
    refuses(
      Image<Float>.laplacian,
      "expected a kernel that is a sum of at most 1 product of one factor for each axis, found 2")
    refuses(
      try Image<Float>(rows: [[1, 2], [.nan, 4]]),
      "expected a kernel of finite numbers, found NaN or infinity")
    #expect(
      throws: ConcordError.algorithmCannotServe(
        algorithm: "separable", why: "expected a real kernel, found a complex one")
    ) {
      try ConvolutionPlan<2, Float>(
        image: [9, 9], kernel: Image<Complex<Float>>(shape: [3, 3], repeating: 1), .convolution,
        options: options)
    }
  }

  @Test("Serve kernels at the ends of the range of numbers", arguments: [1e-30, 1, 1e30])
  func scales(scale: Double) throws {
    var samples = RandomSamples(seed: 3)
    let image = samples.real(Shape(rows: 20, columns: 20))
    let kernel: Image<Double> = try samples.kernel([7, 7], terms: 2)
    let filter = FilterCase(.convolution, .same, .reflect)
    let expected = try NaiveArray(image).filtered(with: NaiveArray(kernel), filter.naive)
    let scaled = (kernel * scale).converted(to: Float.self)
    let found = try filter.run(image, scaled, .separable).converted(to: Double.self)
    #expect(relativeL2Error(found * (1 / scale), expected) < 2e-6)
    let zero = try filter.run(image, Image<Float>(shape: [3, 3], repeating: 0), .separable)
    #expect(zero.elements.allSatisfy { $0 == 0 })
  }

  @Test("Of given factors are those of their product, by every algorithm", arguments: Boundary.all)
  func factors(boundary: Boundary) throws {
    var samples = RandomSamples(seed: 4)
    var mismatches = Mismatches()
    try check(Shape(count: 30), Shape(count: 7), boundary, &samples, &mismatches)
    try check(
      Shape(rows: 12, columns: 17), Shape(rows: 4, columns: 7), boundary, &samples, &mismatches)
    try check(
      Shape(planes: 4, rows: 6, columns: 7), Shape(planes: 3, rows: 1, columns: 4), boundary,
      &samples, &mismatches)
    try check(
      Shape(planes: 4, rows: 6, columns: 7), Shape(planes: 1, rows: 3, columns: 4), boundary,
      &samples, &mismatches)
    #expect(mismatches.comparisons > 120)
    #expect(mismatches.isEmpty, "\(mismatches)")
  }

  private func check<let rank: Int>(
    _ shape: Shape<rank>, _ kernelShape: Shape<rank>, _ boundary: Boundary,
    _ samples: inout RandomSamples, _ mismatches: inout Mismatches
  ) throws {
    let image: NDArray<rank, Float> = samples.real(shape)
    let range = boundary == .renormalize ? 0.5...1 : -1...1
    let factors: [Signal<Double>] = samples.factors(kernelShape, in: range)
    let narrow = factors.map { $0.converted(to: Float.self) }
    let kernel: NDArray<rank, Double> = try .separable(factors)
    for mode in ConvolutionMode.allCases {
      for operation in [ConvolutionOperation.convolution, .correlation] {
        let filter = FilterCase(operation, mode, boundary)
        let expected = try NaiveArray(image).filtered(with: NaiveArray(kernel), filter.naive)
        for algorithm in ConvolutionAlgorithm.forced + [.separable] {
          let plan = try ConvolutionPlan(
            image: shape, factors: factors, operation, options: filter.options(algorithm))
          try #require(plan.choice.strategy.algorithm == algorithm)
          #expect(plan.kernelShape == kernelShape)
          mismatches.note(
            try plan(image.converted(to: Double.self)), expected, "\(filter) \(algorithm)")
          let float = try ConvolutionPlan(
            image: shape, factors: narrow, operation, options: filter.options(algorithm))
          mismatches.note(try float(image), expected, "\(filter) \(algorithm)")
        }
      }
    }
  }

  @Test("Of given factors serve complex images, and refuse a wrong number and sums of nothing")
  func factorCalls() throws {
    var samples = RandomSamples(seed: 5)
    let image = try samples.complex(Shape(rows: 9, columns: 11))
    let factors: [Signal<Float>] = samples.factors([3, 4] as Shape<2>)
    let kernel = try Image<Float>.separable(factors)
    for boundary in [Boundary.constant(2.5), .wrap] {
      let filter = FilterCase(.correlation, .same, boundary)
      let plan = try ConvolutionPlan<2, Float>(
        image: image.shape, factors: factors, .correlation, options: filter.options(.separable))
      let expected = try NaiveComplexArray(image).filtered(
        with: NaiveComplexArray(NaiveArray(kernel)), filter.naive)
      #expect(relativeL2Error(try plan(image), expected) < 2e-6)
    }
    let real = image.real
    #expect(
      relativeL2Error(try real.convolved(withFactors: factors), try real.convolved(with: kernel))
        < 2e-6)
    #expect(
      relativeL2Error(try real.correlated(withFactors: factors), try real.correlated(with: kernel))
        < 2e-6)
    #expect(throws: ConcordError.elementCount(expected: 2, found: 1)) {
      try real.convolved(withFactors: [factors[0]])
    }
    #expect(throws: ConcordError.empty(what: "the kernel")) {
      try real.convolved(withFactors: [factors[0], Signal<Float>([])])
    }
    var options = ConvolutionOptions(mode: .same, boundary: .renormalize)
    options.algorithm = .separable
    #expect(throws: ConcordError.weightsSumToZero) {
      try real.convolved(withFactors: [Signal([1, -1]), Signal([1, 2])], options: options)
    }
  }
}
