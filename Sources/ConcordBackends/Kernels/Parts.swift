extension Int {
  /// How many parts of so many elements hold all of them; the last may hold fewer.
  @inlinable
  package func parts(of size: Int) -> Int { (self + size - 1) / size }

  /// The smallest multiple of a step that is no less.
  @inlinable
  package func roundedUp(to step: Int) -> Int { parts(of: step) * step }
}
