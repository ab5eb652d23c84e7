import ArgumentParser
import Concord
import ConcordBackends
import ConcordFiles
import Foundation

/// A kernel as an argument: a file, or the name of a standard one.
enum KernelArgument: Sendable {
  case file(String)
  case gaussian([Double])
  case box([Int])
  case ones([Int])
  case delta([Int])
  case laplacian
  case gradient(Gradient)
  case gabor(GaborArgument)

  /// Kernels of the derivative along one axis of an image.
  enum Gradient: String, Sendable, CaseIterable {
    case sobelX = "sobel-x"
    case sobelY = "sobel-y"
    case prewittX = "prewitt-x"
    case prewittY = "prewitt-y"
    case scharrX = "scharr-x"
    case scharrY = "scharr-y"
  }

  /// All names that stand for a kernel.
  static let names =
    "gaussian:SIGMA[,SIGMA…], box:H,W (sums to 1), ones:H,W, delta:H,W, laplacian, sobel-x, "
    + "sobel-y, prewitt-x, prewitt-y, scharr-x, scharr-y, gabor:SIGMA,THETA,LAMBDA[,GAMMA,PSI]"

  static let help = ArgumentHelp(
    "The kernel: a file, or \(names).",
    discussion: """
      One number stands for all axes; angles are in radians. Image and kernel have the same number of axes, but a kernel \
      of two axes filters every image of a stack.
      """,
    valueName: "kernel")

  static func parsed(_ text: String) throws -> KernelArgument {
    if text == "laplacian" { return .laplacian }
    if let gradient = Gradient(rawValue: text) { return .gradient(gradient) }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let form = named[String(parts[0])] else {
      if isFileName(text) { return .file(text) }
      throw ValidationError("expected a file, or \(names), found '\(text)'")
    }
    guard let kernel = form.make(String(parts[1])) else {
      throw ValidationError(
        "expected \(form.expected) after '\(parts[0]):', separated by commas, found '\(parts[1])'")
    }
    return kernel
  }

  /// Whether a text may name a file: it has an ending or a folder or a pattern, or is there.
  static func isFileName(_ text: String) -> Bool {
    let name = text.prefix { $0 != ":" }
    return text == "-" || name.contains { "./*?[".contains($0) }
      || FileManager.default.fileExists(atPath: text)
  }

  /// How numbers after a name are read, and what they have to be.
  private struct Form: Sendable {
    let expected: String
    let make: @Sendable (String) -> KernelArgument?
  }

  private static let extents = "one to three extents of at least 1"

  private static let named: [String: Form] = [
    "gaussian": Form(expected: "one to three numbers of at least 0") { text in
      numbers(text).flatMap { $0.allSatisfy { $0 >= 0 } ? .gaussian($0) : nil }
    },
    "box": Form(expected: extents) { ExtentList(argument: $0).map { .box($0.values) } },
    "ones": Form(expected: extents) { ExtentList(argument: $0).map { .ones($0.values) } },
    "delta": Form(expected: extents) { ExtentList(argument: $0).map { .delta($0.values) } },
    "gabor": Form(expected: GaborArgument.expected) {
      GaborArgument(argument: $0).map { .gabor($0) }
    },
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
    case .gabor(let gabor): gabor.name
    }
  }
}
