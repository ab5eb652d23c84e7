import ArgumentParser
import Concord
import ConcordFiles

/// The numbers of a Gabor kernel: `SIGMA,THETA,LAMBDA[,GAMMA,PSI]`.
struct GaborArgument: ExplainedArgument, Sendable {
  static let expected =
    "SIGMA,THETA,LAMBDA[,GAMMA,PSI], angles in radians, the others above 0"

  let sigma: Double
  let theta: Double
  let wavelength: Double
  let gamma: Double
  let psi: Double

  init?(argument: String) {
    guard let values = numbers(argument, atMost: 5), values.count >= 3 else { return nil }
    (sigma, theta, wavelength) = (values[0], values[1], values[2])
    gamma = values.count > 3 ? values[3] : 1
    psi = values.count > 4 ? values[4] : 0
    guard sigma > 0, wavelength > 0, gamma > 0 else { return nil }
  }

  var name: String { "gabor:\(sigma),\(theta),\(wavelength),\(gamma),\(psi)" }

  func kernel<S: RealScalar>(_ type: S.Type) throws(ConcordError) -> Image<S> {
    try .gabor(sigma: sigma, theta: theta, wavelength: wavelength, gamma: gamma, psi: psi)
  }
}

/// The kernels of a bank as an argument: a stack that is read, or Gabor kernels of orientations.
enum BankArgument: Sendable {
  case file(String)
  case gabors(Gabors)

  /// Gabor kernels of several orientations: `gabors:SIGMA,LAMBDA,COUNT[,GAMMA,PSI]`.
  struct Gabors: ExplainedArgument, Sendable {
    static let expected = "gabors:SIGMA,LAMBDA,COUNT[,GAMMA,PSI], all but PSI above 0"

    private let text: String
    private let values: [Double]

    init?(argument: String) {
      guard let values = numbers(argument.dropFirst(BankArgument.prefix.count), atMost: 5),
        values.count >= 3, values.prefix(4).allSatisfy({ $0 > 0 }),
        (1...4096).contains(values[2]), values[2].rounded() == values[2]
      else { return nil }
      (text, self.values) = (argument, values)
    }

    var name: String { text }

    /// The kernels as a stack, as if it had been read.
    func stack() throws(ConcordError) -> FileArray {
      FileArray(
        name: text,
        images: try Image<Float>.gaborBank(
          sigma: values[0], orientations: Int(values[2]), wavelength: values[1],
          gamma: values.count > 3 ? values[3] : 1, psi: values.count > 4 ? values[4] : 0))
    }
  }

  private static let prefix = "gabors:"

  static let help = ArgumentHelp(
    "The stack of kernels: a file with three axes, or a quoted pattern or folder; or "
      + "gabors:SIGMA,LAMBDA,COUNT[,GAMMA,PSI], Gabor kernels of so many orientations.",
    valueName: "kernels")

  static func parsed(_ text: String) throws -> BankArgument {
    text.hasPrefix(prefix) ? .gabors(try Gabors.parsed(text)) : .file(text)
  }

  var name: String {
    switch self {
    case .file(let path): path
    case .gabors(let gabors): gabors.name
    }
  }

  func stack() throws(ConcordError) -> FileArray {
    switch self {
    case .file(let path): try readInput(path)
    case .gabors(let gabors): try gabors.stack()
    }
  }
}
