import Concord

/// Filters a long signal that comes piece by piece, and many images with one plan and no allocation.
@main
struct FilterStream {
  static func main() throws {
    try filterSignal()
    try filterFrames()
  }

  /// A million samples, of which never more than a few thousand are held.
  static func filterSignal() throws {
    let taps = try Signal<Float>.gaussianTaps(sigma: 12)
    var stream = try ConvolutionStream(
      taps: taps, .convolution, options: ConvolutionOptions(mode: .same, boundary: .reflect))
    var count = 0
    var sum = 0.0
    func take(_ part: Signal<Float>) {
      count += part.count
      if part.count > 0 { sum += part.mean * Double(part.count) }
    }
    for piece in 0..<1000 {
      let samples = Signal<Float>(shape: [1000]) { ($0[0] + piece) % 10 < 5 ? 1 : 0 }
      take(stream.push(samples))
    }
    take(try stream.finish())
    print("\(count) samples by \(stream.strategy), mean \(sum / Double(count))")
    precondition(count == 1_000_000 && abs(sum / Double(count) - 0.5) < 1e-3)
  }

  /// From the second frame on, the plan works in what the first one left.
  static func filterFrames() throws {
    let kernel = try Image<Float>.box([11, 11])
    let plan = try ConvolutionPlan(
      image: [240, 320], kernel: kernel, .convolution,
      options: ConvolutionOptions(mode: .same, boundary: .reflect))
    var workspace = Workspace()
    var smooth = Image<Float>(shape: plan.outputShape, repeating: 0)
    for frame in 0..<5 {
      let image = Image<Float>(shape: [240, 320]) { Float(($0.row + $0.column + frame) % 2) }
      try plan(image, into: &smooth, using: &workspace)
      print("frame \(frame): mean \(smooth.mean)")
      precondition(abs(smooth.mean - 0.5) < 1e-2)
    }
  }
}
