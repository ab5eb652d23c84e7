import ArgumentParser
import Concord
import ConcordBackends
import ConcordFiles

/// A kernel as an argument: a file, or the name of a standard one.
enum KernelArgument: Sendable {
  case file(String)
  case gaussian([Double])
  case box([Int])
  case ones([Int])
  case delta([Int])
  case laplacian
  case gradient(Gradient)

  /// Kernels of the derivative along one axis of an image.
  enum Gradient: String, Sendable, CaseIterable {
    case sobelX = "sobel-x"
    case sobelY = "sobel-y"
    case prewittX = "prewitt-x"
    case prewittY = "prewitt-y"
    case scharrX = "scharr-x"
    case scharrY = "scharr-y"
  }

  static let help = ArgumentHelp(
    "The kernel: a file, or gaussian:SIGMA[,SIGMA…], box:H,W (sums to 1), ones:H,W, delta:H,W, "
      + "laplacian, sobel-x, sobel-y, prewitt-x, prewitt-y, scharr-x, scharr-y.",
    discussion: """
      One number stands for all axes. Image and kernel have the same number of axes, but a kernel \
      of two axes filters every image of a stack.
      """,
    valueName: "kernel")

  static func parsed(_ text: String) throws -> KernelArgument {
    if text == "laplacian" { return .laplacian }
    if let gradient = Gradient(rawValue: text) { return .gradient(gradient) }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let make = named[String(parts[0])] else { return .file(text) }
    guard let kernel = make(String(parts[1])) else {
      throw ValidationError(
        "expected one to three \(parts[0] == "gaussian" ? "positive numbers" : "extents of at least 1")"
          + " after '\(parts[0]):', separated by commas, found '\(parts[1])'")
    }
    return kernel
  }

  private static let named: [String: @Sendable (String) -> KernelArgument?] = [
    "gaussian": { text in
      numbers(text).flatMap { $0.allSatisfy { $0 >= 0 } ? .gaussian($0) : nil }
    },
    "box": { ExtentList(argument: $0).map { .box($0.values) } },
    "ones": { ExtentList(argument: $0).map { .ones($0.values) } },
    "delta": { ExtentList(argument: $0).map { .delta($0.values) } },
  ]

  /// The text that stands for the kernel in messages.
  var name: String {
    switch self {
    case .file(let path): path
    case .gaussian(let sigma): "gaussian:" + sigma.map { "\($0)" }.joined(separator: ",")
    case .box(let shape): "box:" + shape.map(String.init).joined(separator: ",")
    case .ones(let shape): "ones:" + shape.map(String.init).joined(separator: ",")
    case .delta(let shape): "delta:" + shape.map(String.init).joined(separator: ",")
    case .laplacian: "laplacian"
    case .gradient(let gradient): gradient.rawValue
    }
  }
}
