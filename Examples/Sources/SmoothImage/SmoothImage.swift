import Concord

/// Smooths an image with one plan for many frames, and shows what the planner considered.
@main
struct SmoothImage {
  static func main() throws {
    let frames = (0..<3).map { frame in
      Image<Float>(shape: [240, 320]) { position in
        (position.row / 16 + position.column / 16 + frame) % 2 == 0 ? 1 : 0
      }
    }
    let kernel = try Image<Float>.gaussian(sigma: 5)
    let plan = try ConvolutionPlan(
      image: frames[0].shape, kernel: kernel, .convolution,
      options: ConvolutionOptions(mode: .same, boundary: .reflect))
    print(plan)
    for frame in frames {
      let smooth = try plan(frame)
      print("mean \(frame.mean) before, \(smooth.mean) after")
      precondition(abs(frame.mean - smooth.mean) < 1e-2)
    }
  }
}
