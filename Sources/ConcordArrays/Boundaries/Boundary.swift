package import ConcordBackends

/// How an array goes on beyond its edges, where a window reaches past them.
///
/// The drawings show what stands beside the signal `abcd`:
///
///     constant(k)   kkkkkk|abcd|kkkkkk
///     replicate     aaaaaa|abcd|dddddd
///     symmetric     cddcba|abcd|dcbaab
///     reflect       abcdcb|abcd|cbabcd
///     wrap          cdabcd|abcd|abcdab
///     renormalize   ------|abcd|------   the window shrinks; its weights keep their full sum
///
/// Every rule is defined for windows of any size: reflections and repetitions go on periodically.
///
/// | here | SciPy `ndimage` | `numpy.pad` | OpenCV |
/// |---|---|---|---|
/// | `constant(k)` | constant | constant | CONSTANT |
/// | `replicate` | nearest | edge | REPLICATE |
/// | `symmetric` | reflect | symmetric | REFLECT |
/// | `reflect` | mirror | reflect | REFLECT_101 |
/// | `wrap` | wrap | wrap | WRAP |
public enum Boundary: Hashable, Sendable {
  /// A fixed value beyond the edges.
  case constant(Double)
  /// The nearest element of the edge.
  case replicate
  /// A mirror between the edge and its neighbour outside: the edge element is repeated.
  case symmetric
  /// A mirror on the edge element, which is not repeated.
  case reflect
  /// The array repeated periodically.
  case wrap
  /// Nothing: the window shrinks to what is inside, and its weights are rescaled to their full sum.
  case renormalize

  /// Zeros beyond the edges.
  public static let zero = Boundary.constant(0)

  /// Whether a fixed value stands beyond the edges.
  package var isConstant: Bool {
    if case .constant = self { true } else { false }
  }

  /// The rule as the kernels know it.
  ///
  /// Windows that shrink are zero-padded first, then rescaled.
  package var edgeExtension: Extension {
    switch self {
    case .constant(let value): Extension(.constant, value: value)
    case .replicate: Extension(.replicate)
    case .symmetric: Extension(.symmetric)
    case .reflect: Extension(.reflect)
    case .wrap: Extension(.wrap)
    case .renormalize: Extension(.constant, value: 0)
    }
  }
}

extension Boundary: CustomStringConvertible {
  /// The rule's name on the command line.
  public var description: String {
    switch self {
    case .constant(0): "zero"
    case .constant(let value): "constant:\(value)"
    case .replicate: "replicate"
    case .symmetric: "symmetric"
    case .reflect: "reflect"
    case .wrap: "wrap"
    case .renormalize: "renormalize"
    }
  }

  /// The rule of a name as ``description`` gives it; nil for any other text.
  public init?(_ name: String) {
    switch name {
    case "zero": self = .zero
    case "replicate": self = .replicate
    case "symmetric": self = .symmetric
    case "reflect": self = .reflect
    case "wrap": self = .wrap
    case "renormalize": self = .renormalize
    default:
      guard name.hasPrefix("constant:"), let value = Double(name.dropFirst("constant:".count))
      else { return nil }
      self = .constant(value)
    }
  }
}
