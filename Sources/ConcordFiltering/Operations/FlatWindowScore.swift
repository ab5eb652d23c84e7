/// What a window without contrast scores: no correlation is defined there.
public enum FlatWindowScore: String, Hashable, Sendable, CaseIterable {
  /// 0: no agreement.
  case zero
  /// NaN: unknown.
  case nan
}
