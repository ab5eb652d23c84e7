import Concord

/// Says how alike two images are around each pixel, by equal and by Gaussian weights, and smooths
/// what differs at a cost that doesn't grow with sigma.
@main
struct CompareWindows {
  static func main() throws {
    let first = Image<Float>(shape: [200, 240]) { position in
      Float(1000 + 20 * wave(Double(position.column) / 23) * wave(Double(position.row) / 17))
    }
    // Brighter everywhere, and different in one corner.
    let second = Image<Float>(shape: first.shape) { position in
      let isCorner = position.row < 50 && position.column < 60
      return isCorner ? 1000 + 20 * Float(wave(Double(position.row) / 5)) : 2 * first[position] + 7
    }

    // A window of 9 × 9, smaller at the edges.
    let options = WindowOptions(boundary: .renormalize)
    let alike = try first.windowCorrelation(with: second, of: [9, 9], options: options)
    print("equal weights: \(alike[25, 30]) in the corner, \(alike[120, 150]) elsewhere")
    precondition(alike[25, 30] < 0.5 && alike[120, 150] > 0.999)

    // The weights of SSIM.
    let weighted = try first.gaussianCorrelation(with: second, sigma: [1.5], truncate: 3.5)
    print("Gaussian weights: \(weighted[25, 30]) in the corner, \(weighted[120, 150]) elsewhere")
    precondition(weighted[120, 150] > 0.999)

    // No output is off by more than 1e-4 of the largest magnitude.
    let filter = try GaussianFilter<2, Float>(image: first.shape, sigma: [25], tolerance: 1e-4)
    let smooth = try filter(alike)
    print("smoothed by \(filter): \(smooth[25, 30]) in the corner, \(smooth[150, 190]) elsewhere")
    precondition(smooth[25, 30] < smooth[150, 190])
  }

  /// A smooth periodic bump between -1 and 1.
  static func wave(_ x: Double) -> Double {
    let phase = x - x.rounded()
    return 1 - 16 * phase * phase * (1 - phase * phase)
  }
}
