import ConcordFiles

/// The numbers that a command computes in.
enum Precision: String, Sendable, CaseIterable {
  case float, double

  /// The precision asked for, or else the one that the inputs need.
  init(_ wanted: Precision?, for inputs: [FileArray]) {
    self = wanted ?? (inputs.contains(where: \.needsDouble) ? .double : .float)
  }
}
