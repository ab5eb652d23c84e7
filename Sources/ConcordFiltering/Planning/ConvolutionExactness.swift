/// How right the sums of a convolution have to be.
public enum ConvolutionExactness: Hashable, Sendable {
  /// Sums are rounded; those of transforms relative to the largest values of the image or tile.
  ///
  /// An output beside values that are 10⁷ times as large may then hold nothing but their rounding in
  /// single precision, as in every library that takes transforms by itself.
  case rounded
  /// Each sum is right relative to what is under its own window.
  ///
  ///     |out - exact| ≤ 2⁸ ε ‖w‖₂ ‖f under the window‖₂
  ///
  /// Where transforms would round relative to much larger values elsewhere, outputs are computed from
  /// the definition; where those are many, all are. Costs a pass over the image for the energy of
  /// every window.
  case local
  /// Image and kernel are integers, and so are the results: exact sums, rounded once where the
  /// scalar can't hold them.
  ///
  /// No element of an image may exceed `magnitude`: 255 for bytes. Strategies are taken that are
  /// proven to be exact: sums in a precision that holds the largest sum there can be, or transforms
  /// whose error is bounded below a quarter, rounded to the nearest integer. `Float` is computed in
  /// `Double` where it must be.
  case integers(magnitude: Double)
}

/// Whether results are compared with their definition as they are made.
public enum ConvolutionVerification: Hashable, Sendable {
  /// They are not.
  case none
  /// So many outputs of each result, at random places, are computed from the definition in Double; a
  /// difference that rounding doesn't explain is an error.
  case sample(Int)
}
