public import ConcordArrays

/// Two blocks of an array that are alike.
public struct BlockPair<let rank: Int>: Hashable, Sendable {
  /// Where the one that comes first in row-major order begins.
  public var first: Position<rank>
  /// Where the other begins.
  public var second: Position<rank>
  /// The correlation coefficient of both, in -1...1.
  public var score: Double

  /// Two blocks and their score.
  public init(first: Position<rank>, second: Position<rank>, score: Double) {
    self.first = first
    self.second = second
    self.score = score
  }

  /// Whether places and scores are equal.
  public static func == (one: Self, other: Self) -> Bool {
    one.first == other.first && one.second == other.second && one.score == other.score
  }

  /// Feeds places and score to the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(first)
    hasher.combine(second)
    hasher.combine(score)
  }
}

/// Blocks of an array that were compared, and those that are alike.
public struct BlockDuplicates<let rank: Int>: Sendable {
  /// The most alike first; equal ones in row-major order.
  public var pairs: [BlockPair<rank>]
  /// How many blocks were compared.
  public var blockCount: Int
  /// How many more were left out: flat ones, and those that hold NaN or infinity.
  public var leftOut: Int
}

/// Which blocks are compared.
public struct BlockOptions: Hashable, Sendable {
  /// From one block to the next along each axis.
  ///
  /// Empty for the block's extents, so that blocks tile the array. What is left at the end of an axis
  /// holds no block.
  public var step: [Int] = []
  /// The smallest score that counts.
  public var threshold = 0.9
  /// The most pairs that are wanted.
  public var count = 1000
  /// Whether blocks that share elements are compared, which are alike without being duplicates.
  public var comparesOverlapping = false
  /// How many threads may work; nil for all processors.
  ///
  /// Pairs don't depend on it.
  public var threads: Int?

  /// The default options.
  public init() {}
}
