package import ConcordBackends

/// A decided way to compute a convolution, with its sizes: a value that can be compared.
public enum ConvolutionStrategy: Hashable, Sendable {
  /// Sums over the kernel in tiles of rows.
  case direct
  /// Passes along each axis for every term of a sum of products of one factor for each axis.
  case separable(terms: Int)
  /// Sums over windows in one pass, at a cost that doesn't grow with them.
  case box
  /// A product of the kernel, as a matrix, with the windows of a tile as the columns of another.
  case matrix
  /// Products of spectra; ``TransformLayout`` says what is transformed.
  case fft(TransformLayout)
  /// Products of spectra of overlapping tiles; ``TileLayout`` says how large they are.
  case overlapSave(TileLayout)

  /// The algorithm that this is a case of.
  public var algorithm: ConvolutionAlgorithm {
    switch self {
    case .direct: .direct
    case .separable: .separable
    case .box: .box
    case .matrix: .matrix
    case .fft: .fft
    case .overlapSave: .overlapSave
    }
  }
}

/// What a transform holds, and how long it is.
public struct TransformLayout: Hashable, Sendable {
  /// How image and boundary are laid out.
  public enum Kind: String, Hashable, Sendable {
    /// The image itself; what follows are zeros, shared by both ends.
    case zeroPadded = "zero-padded"
    /// The image with its extension by the boundary rule around it.
    case extended
    /// The image alone: the transform's own period is the boundary rule 'wrap'.
    case circular
  }

  /// How image and boundary are laid out.
  public var kind: Kind
  /// The lengths of the transform: planes, rows, columns.
  public var lengths: [Int]

  package var extents: Extents { Extents(lengths[0], lengths[1], lengths[2]) }
}

/// How large the tiles of overlap-save are.
public struct TileLayout: Hashable, Sendable {
  /// The lengths of a tile's transform: planes, rows, columns.
  ///
  /// For a line, whose tiles are lines, the product of the last two is the tile's length.
  public var lengths: [Int]
  /// Whether rows alone are filtered.
  public var isLine: Bool

  package init(lengths: [Int], isLine: Bool) {
    self.lengths = lengths
    self.isLine = isLine
  }

  package var extents: Extents { Extents(lengths[0], lengths[1], lengths[2]) }
}

/// What one strategy would cost.
public struct StrategyEstimate: Hashable, Sendable {
  /// The strategy.
  public var strategy: ConvolutionStrategy
  /// The predicted seconds of one application, planning excluded.
  public var seconds: Double
  /// The predicted bytes of working memory beside input and output.
  public var bytes: Int
  /// Whether single precision is computed in double, because integers have to be exact.
  public var isWidened = false
}

extension ConvolutionStrategy: CustomStringConvertible {
  /// The algorithm and its sizes, such as `fft 4096 × 4096 zero-padded`.
  public var description: String {
    switch self {
    case .direct: "direct"
    case .matrix: "matrix"
    case .separable(let terms): terms == 1 ? "separable" : "separable, \(terms) terms"
    case .box: "box"
    case .fft(let layout):
      "fft " + layout.lengths.drop { $0 == 1 }.map(String.init).joined(separator: " × ")
        + " \(layout.kind.rawValue)"
    case .overlapSave(let layout):
      "overlap-save "
        + (layout.isLine
          ? "\(layout.extents.count)"
          : layout.lengths.drop { $0 == 1 }.map(String.init).joined(separator: " × "))
    }
  }
}
