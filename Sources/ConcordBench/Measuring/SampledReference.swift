import Concord
import NaiveReference

/// Outputs of a convolution recomputed by the definition in Double, at random places.
struct SampledReference {
  /// The largest error of the sampled outputs, relative to the root mean square of the samples.
  static func error<Scalar: RealScalar>(
    of result: Image<Scalar>, plan: ConvolutionPlan<2, Scalar>, image: Image<Scalar>,
    kernel: Image<Scalar>, samples: Int = 200
  ) -> Double {
    let pixels = image.elements.map(Double.init)
    let taps = kernel.elements.map(Double.init)
    let outputs = result.elements
    let boundary: NaiveBoundary =
      plan.options.mode == .valid ? .zero : oracle(plan.options.boundary)
    var generator = SplitMix64(seed: 1)
    var worst = 0.0
    var squares = 0.0
    for _ in 0..<samples {
      let row = Int.random(in: 0..<result.rows, using: &generator)
      let column = Int.random(in: 0..<result.columns, using: &generator)
      var sum = 0.0
      for i in 0..<kernel.rows {
        for j in 0..<kernel.columns {
          let y = boundary.index(row + i + plan.firstLag(axis: 0), extent: image.rows)
          let x = boundary.index(column + j + plan.firstLag(axis: 1), extent: image.columns)
          guard let y, let x else { continue }
          let tap =
            plan.operation == .convolution
            ? (kernel.rows - 1 - i) * kernel.columns + kernel.columns - 1 - j
            : i * kernel.columns + j
          sum += taps[tap] * pixels[y * image.columns + x]
        }
      }
      worst = max(worst, abs(Double(outputs[row * result.columns + column]) - sum))
      squares += sum * sum
    }
    return worst / (squares / Double(samples)).squareRoot()
  }

  private static func oracle(_ boundary: Boundary) -> NaiveBoundary {
    switch boundary {
    case .constant(let value): .constant(value)
    case .replicate: .replicate
    case .symmetric: .symmetric
    case .reflect: .reflect
    case .wrap: .wrap
    case .renormalize: .renormalize
    }
  }
}

/// A small generator of reproducible numbers.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// An image of uniform random numbers in 0..<1.
func randomImage<Scalar: RealScalar>(
  _ rows: Int, _ columns: Int, seed: UInt64, as scalar: Scalar.Type = Scalar.self
) -> Image<Scalar> {
  var generator = SplitMix64(seed: seed)
  return Image<Scalar>(shape: [rows, columns]) { _ in
    Scalar(Double.random(in: 0..<1, using: &generator))
  }
}
