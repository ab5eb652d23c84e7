import ConcordArrays
import ConcordBackends
import ConcordMatching
import ConcordTestSupport
import Testing

@Suite("Peaks")
struct PeakTests {
  @Test("The peaks are those of the definition", arguments: PlateauRule.allCases, Extremum.allCases)
  func definition(plateaus: PlateauRule, seeking: Extremum) throws {
    var random = SplitMix64(seed: 0x9ea)
    for _ in 0..<40 {
      var options = PeakOptions()
      options.plateaus = plateaus
      options.seeking = seeking
      options.count = random.integer(in: 0...30)
      options.threshold = random.uniform() < 0.5 ? nil : random.uniform(in: -3...3)
      try check(random.shape(extents: 1...40) as Shape<1>, options, &random)
      try check(random.shape(extents: 1...12) as Shape<2>, options, &random)
      try check(random.shape(extents: 1...6) as Shape<3>, options, &random)
    }
  }

  private func check<let rank: Int>(
    _ shape: Shape<rank>, _ options: PeakOptions, _ random: inout SplitMix64
  ) throws {
    var options = options
    options.minimumDistance = (0..<rank).map { _ in random.integer(in: 1...4) }
    options.neighborhood = (0..<rank).map { _ in random.integer(in: 0...3) }
    options.border = (0..<rank).map { _ in random.integer(in: 0...2) }
    // Few values, so that many are equal.
    let values: NDArray<rank, Float> = NDArray(shape: shape) { _ in
      random.uniform() < 0.05 ? .nan : Float(random.integer(in: -4...4))
    }
    let found = try values.peaks(options)
    let expected = naivePeaks(values, options)
    #expect(found.map(\.position.components) == expected.map(\.position), "\(random)")
    #expect(found.map(\.score) == expected.map(\.value), "\(random)")
  }

  @Test("Peaks don't depend on threads, nor on how many candidates memory holds")
  func boundedMemory() throws {
    var random = SplitMix64(seed: 0x51)
    let values: Image<Float> = NDArray(shape: [900, 700]) { _ in
      Float(random.integer(in: 0...200))
    }
    let scan = PeakScan(
      values.buffer, extents: values.shape.threeAxes, sign: 1, limit: -.infinity,
      reach: Extents(1, 1, 1), border: Extents(0, 0, 0), plateaus: .everyElement)
    let distance = Extents(1, 9, 7)
    let all = scan.select(.max, distance: distance, threads: 1)
    #expect(all.count > 3000)
    for threads in [1, 2, 5] {
      for capacity in [50, 1000, 100_000] {
        #expect(
          scan.select(2000, distance: distance, threads: threads, capacity: capacity)
            == Array(all.prefix(2000)), "\(threads) threads, \(capacity) candidates")
      }
    }
    #expect(scan.select(.max, distance: distance, threads: 2, capacity: 300) == all)
  }

  @Test("Ties and borders are those of scikit-image's peak_local_max")
  func scikitImage() throws {
    let image = Image<Double>(shape: [17, 23]) {
      Double(($0.row * 37 + $0.column * 61 + $0.row * $0.column * 13) % 23)
    }
    func places(_ distance: Int, border: Int) throws -> [[Int]] {
      var options = PeakOptions(minimumDistance: [distance, distance])
      options.neighborhood = options.minimumDistance
      options.border = [border, border]
      return try image.peaks(options).map(\.position.components)
    }
    // scikit-image 0.26, which leaves out what equals the smallest value.
    #expect(
      try places(3, border: 0) == [
        [0, 3], [1, 20], [2, 15], [3, 9], [5, 4], [6, 7], [7, 11], [9, 2], [10, 16], [11, 21],
        [12, 13], [14, 22], [15, 14], [16, 19], [10, 6], [13, 0], [13, 3], [13, 6], [13, 9],
        [16, 6],
      ])
    #expect(
      try places(2, border: 2) == [
        [2, 15], [3, 9], [4, 17], [5, 4], [6, 7], [7, 11], [9, 2], [10, 16], [12, 13], [2, 6],
        [9, 6], [11, 6], [13, 2], [13, 4], [13, 6], [13, 8], [13, 10], [13, 17], [7, 19],
      ])
    #expect(try places(4, border: 4) == [[4, 17], [5, 4], [7, 11], [10, 16]])
    #expect(try places(1, border: 0).count == 71)
  }

  @Test("A box of equal values counts once by its first element")
  func plateaus() throws {
    var image = Image<Float>(shape: [9, 9], repeating: 0)
    for row in 2...4 { for column in 3...6 { image[row, column] = 1 } }
    var options = PeakOptions(threshold: 0.5)
    #expect(try image.peaks(options).count == 12)
    options.plateaus = .firstElement
    #expect(try image.peaks(options).map(\.position) == [[2, 3]])
    let flat = Image<Float>(shape: [50, 60], repeating: 3)
    var all = PeakOptions()
    all.plateaus = .firstElement
    #expect(try flat.peaks(all).map(\.position) == [[0, 0]])
  }

  @Test("The ratio of the first to the second peak")
  func ratio() throws {
    var signal = Signal<Double>(shape: [30], repeating: 0)
    (signal[4], signal[6], signal[20]) = (8, 7, 2)
    #expect(try signal.peakRatio(minimumDistance: [5]) == 4)
    #expect(try signal.peakRatio(minimumDistance: [2]) == 8.0 / 7)
    #expect(try signal.peakRatio(minimumDistance: [17]) == .infinity)
    #expect(try signal.peakRatio(minimumDistance: [40]) == nil)
    let costs = Signal<Double>([9, 2, 9, 9, 9, 6, 9])
    #expect(try costs.peakRatio(minimumDistance: [3], seeking: .minima) == 3)
  }

  @Test("Lists have one number for each axis")
  func lists() throws {
    let image = Image<Float>(shape: [4, 4], repeating: 1)
    var options = PeakOptions()
    options.neighborhood = [1]
    #expect(throws: ConcordError.elementCount(expected: 2, found: 1)) {
      try image.peaks(options)
    }
    options.neighborhood = []
    options.border = [1, 1, 1]
    #expect(throws: ConcordError.elementCount(expected: 2, found: 3)) {
      try image.peaks(options)
    }
  }

  @Test("Borders may leave nothing, and arrays may be empty")
  func nothing() throws {
    var options = PeakOptions()
    options.border = [2, 2]
    #expect(try Image<Float>(shape: [4, 9], repeating: 1).peaks(options).isEmpty)
    #expect(try Image<Float>(shape: [0, 9], repeating: 1).peaks(PeakOptions()).isEmpty)
  }
}

/// The definition, element by element.
private func naivePeaks<let rank: Int>(
  _ values: NDArray<rank, Float>, _ options: PeakOptions
) -> [(position: [Int], value: Double)] {
  let sign = options.seeking == .maxima ? 1.0 : -1
  let shape = values.shape.components
  let all = values.elements.indices.map { values.shape.position(ofIndex: $0).components }
  let elements = values.elements.map { sign * Double($0) }
  var candidates: [(position: [Int], value: Double)] = []
  for (index, position) in all.enumerated() {
    let value = elements[index]
    if value.isNaN { continue }
    if let threshold = options.threshold, value < sign * threshold { continue }
    if (0..<rank).contains(where: {
      position[$0] < options.border[$0] || position[$0] >= shape[$0] - options.border[$0]
    }) {
      continue
    }
    let isBeaten = all.enumerated().contains { other, place in
      let isNear = (0..<rank).allSatisfy {
        abs(place[$0] - position[$0]) <= options.neighborhood[$0]
      }
      let isEarlierEqual = elements[other] == value && other < index
      return isNear
        && (elements[other] > value || (options.plateaus == .firstElement && isEarlierEqual))
    }
    if !isBeaten { candidates.append((position, value)) }
  }
  // Sorting is stable.
  candidates.sort { $0.value > $1.value }
  var found: [(position: [Int], value: Double)] = []
  for candidate in candidates where found.count < options.count {
    let isNear = found.contains { other in
      (0..<rank).allSatisfy {
        abs(other.position[$0] - candidate.position[$0]) < options.minimumDistance[$0]
      }
    }
    if !isNear { found.append(candidate) }
  }
  return found.map { ($0.position, sign * $0.value) }
}
