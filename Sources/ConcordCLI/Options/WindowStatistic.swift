import ArgumentParser
import Concord

/// What becomes of the windows of one image, or of two.
enum WindowStatistic: Hashable, Sendable, ExpressibleByArgument {
  case reduction(WindowReduction)
  case covariance
  case correlation

  init?(argument: String) {
    switch argument {
    case "covariance": self = .covariance
    case "correlation": self = .correlation
    default:
      guard let reduction = WindowReduction(rawValue: argument) else { return nil }
      self = .reduction(reduction)
    }
  }

  static var allValueStrings: [String] {
    WindowReduction.allCases.map(\.rawValue) + ["covariance", "correlation"]
  }

  var name: String {
    switch self {
    case .reduction(let reduction): reduction.rawValue
    case .covariance: "covariance"
    case .correlation: "correlation"
    }
  }

  /// Whether it is one of two images, rather than of an expression.
  var isJoint: Bool { self == .covariance || self == .correlation }

  /// Whether degrees of freedom mean anything to it.
  var hasDegreesOfFreedom: Bool {
    [.reduction(.variance), .reduction(.standardDeviation), .covariance].contains(self)
  }
}
