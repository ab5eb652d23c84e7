import NaiveReference
import Testing

/// Values that can be checked with pencil and paper, or that the peers' documents print.
@Suite("Convolution and correlation of the oracle")
struct ConvolutionTests {
  @Test("A convolution is the product of polynomials")
  func polynomials() throws {
    // (1 + 2x + 3x²)(4 + 5x) = 4 + 13x + 22x² + 15x³
    let product = try NaiveArray([1, 2, 3]).convolved(with: NaiveArray([4, 5]), mode: .full)
    #expect(product.values == [4, 13, 22, 15])
    let same = try NaiveArray([1, 2, 3]).convolved(with: NaiveArray([4, 5]), mode: .same)
    #expect(same.values == [4, 13, 22])
    let valid = try NaiveArray([1, 2, 3]).convolved(with: NaiveArray([4, 5]), mode: .valid)
    #expect(valid.values == [13, 22])
  }

  @Test("A correlation is a sliding scalar product")
  func slidingProduct() throws {
    let full = try NaiveArray([1, 2, 3]).correlated(with: NaiveArray([4, 5]), mode: .full)
    #expect(full.values == [5, 14, 23, 12])
    let same = try NaiveArray([1, 2, 3]).correlated(with: NaiveArray([4, 5]), mode: .same)
    #expect(same.values == [5, 14, 23])
  }

  @Test("Mode valid with the arrays swapped reverses a correlation's lags (row C2)")
  func swapped() throws {
    let long = NaiveArray([1, 2, 3, 4, 5, 6])
    let short = NaiveArray([1, 2, 3])
    #expect(try long.correlated(with: short, mode: .valid).values == [14, 20, 26, 32])
    #expect(try short.correlated(with: long, mode: .valid).values == [32, 26, 20, 14])
    let convolved = try long.convolved(with: short, mode: .valid)
    #expect(convolved.values == [10, 16, 22, 28])
    #expect(try short.convolved(with: long, mode: .valid) == convolved)
  }

  @Test("Mode valid refuses arrays of which neither dominates")
  func noDominance() {
    let wide = NaiveArray(shape: [2, 5], repeating: 1)
    let tall = NaiveArray(shape: [5, 2], repeating: 1)
    for kind in NaiveKind.allCases {
      #expect(throws: NaiveError.validNeedsDominance) {
        try wide.filtered(with: tall, NaiveFilter(kind, mode: .valid))
      }
    }
  }

  @Test("The asymmetric kernel of the filter2D question is not turned round")
  func asymmetricKernel() throws {
    let kernel = NaiveArray(rows: [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])
    var impulse = NaiveArray(shape: [3, 3], repeating: 0)
    impulse[1, 1] = 1
    #expect(try impulse.correlated(with: kernel, mode: .same) == kernel.reversed)
    #expect(try impulse.convolved(with: kernel, mode: .same) == kernel)
    let ramp = NaiveArray(rows: [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    // -2·1 - 1·2 - 1·4 + 5 + 6 + 8 + 2·9, and with the kernel turned round the same taps reversed.
    #expect(try ramp.correlated(with: kernel, mode: .valid).values == [29])
    #expect(try ramp.convolved(with: kernel, mode: .valid).values == [-19])
  }

  @Test("Even kernels are centred as in the arrays of scipy#1968")
  func evenCentring() throws {
    let ones = NaiveArray(shape: [4, 4], repeating: 1)
    let correlate = try ones.correlated(with: ones, mode: .same, centring: .scipy)
    #expect(
      correlate
        == NaiveArray(rows: [[4, 6, 8, 6], [6, 9, 12, 9], [8, 12, 16, 12], [6, 9, 12, 9]]))
    let correlate2d = try ones.correlated(with: ones, mode: .same, centring: .correlate2d)
    #expect(
      correlate2d
        == NaiveArray(rows: [[9, 12, 9, 6], [12, 16, 12, 8], [9, 12, 9, 6], [6, 8, 6, 4]])
    )
  }

  @Test("Both centrings of 1…4 with itself are those of JAX PR#2675")
  func evenCentringOfRamp() throws {
    let ramp = NaiveArray([1, 2, 3, 4])
    #expect(try ramp.correlated(with: ramp, mode: .same).values == [11, 20, 30, 20])
    #expect(
      try ramp.correlated(with: ramp, mode: .same, centring: .correlate2d).values
        == [20, 30, 20, 11])
  }

  /// Which tap stands on the output for lengths 4 and 5: (convolution, correlation).
  private static let centres: [(NaiveCentring, (Int, Int), (Int, Int))] = [
    (.scipy, (1, 2), (2, 2)), (.correlate2d, (1, 1), (2, 2)), (.opencv, (2, 2), (2, 2)),
    (.matlab, (2, 1), (2, 2)), (.ndimage(origin: [0]), (2, 2), (2, 2)),
    (.ndimage(origin: [1]), (3, 3), (3, 3)), (.ndimage(origin: [-2]), (0, 0), (0, 0)),
    (.index([3]), (3, 3), (3, 3)),
  ]

  @Test("An impulse shows which tap stands on the output", arguments: centres)
  func tapOnOutput(centring: NaiveCentring, even: (Int, Int), odd: (Int, Int)) throws {
    for (length, expected) in [(4, even), (5, odd)] {
      let kernel = NaiveArray((1...length).map(Double.init))
      var impulse = NaiveArray(shape: [11], repeating: 0)
      impulse[5] = 1
      let convolved = try impulse.convolved(with: kernel, mode: .same, centring: centring)
      #expect(convolved[5] == Double(expected.0 + 1))
      let correlated = try impulse.correlated(with: kernel, mode: .same, centring: centring)
      #expect(correlated[5] == Double(expected.1 + 1))
    }
  }

  @Test("The example of MATLAB's conv(u, v, 'same')")
  func matlabExample() throws {
    let u = NaiveArray([-1, 2, 3, -2, 0, 1, 2])
    let w = try u.convolved(with: NaiveArray([2, 4, -1, 1]), mode: .same, centring: .matlab)
    #expect(w.values == [15, 5, -9, 7, 6, 7, -1])
  }

  @Test("A centre outside the kernel is refused")
  func centreOutside() {
    let signal = NaiveArray([1, 2, 3])
    for centring in [NaiveCentring.index([2]), .index([-1]), .ndimage(origin: [1])] {
      #expect(throws: NaiveError.centreOutsideKernel) {
        try signal.correlated(with: NaiveArray([1, 1]), mode: .same, centring: centring)
      }
    }
  }

  @Test("Arrays of different ranks are refused")
  func ranks() {
    #expect(throws: NaiveError.shapesDiffer) {
      try NaiveArray([1, 2]).convolved(with: NaiveArray(rows: [[1]]), mode: .full)
    }
  }
}
