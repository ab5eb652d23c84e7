/// What NaN in a scene or a template means.
public enum NaNTreatment: String, Hashable, Sendable, CaseIterable {
  /// A window that holds NaN has no score, and a template must not hold any.
  case spread
  /// It marks what is not valid, as zeros of a mask do.
  case asMask = "mask"
}
