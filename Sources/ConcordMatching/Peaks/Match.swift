public import ConcordArrays

/// A place where a template was found, or a peak of any other map.
public struct Match<let rank: Int>: Hashable, Sendable {
  /// Where the template's first element lies in the scene.
  public var position: Position<rank>
  /// The score there; a correlation coefficient is in -1...1.
  public var score: Double
  /// Where the peak lies between elements; nil where that was not asked for, or can't be told.
  public var fit: PeakFit<rank>?

  /// A match at a position.
  public init(position: Position<rank>, score: Double, fit: PeakFit<rank>? = nil) {
    self.position = position
    self.score = score
    self.fit = fit
  }

  /// The place between elements, or that of the element where there is no fit.
  public var place: Displacement<rank> {
    Displacement { Double(position[$0]) + (fit?.offset[$0] ?? 0) }
  }

  /// Whether positions, scores and fits are equal.
  public static func == (first: Self, second: Self) -> Bool {
    first.position == second.position && first.score == second.score && first.fit == second.fit
  }

  /// Feeds position, score and fit to the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(position)
    hasher.combine(score)
    hasher.combine(fit)
  }
}

/// A peak between elements, by a function fitted to the elements around the highest.
public struct PeakFit<let rank: Int>: Hashable, Sendable {
  /// From the element to the peak, less than 1 along every axis.
  public var offset: Displacement<rank>
  /// What the fitted function is at the peak.
  public var value: Double

  /// A peak at an offset from its element.
  public init(offset: Displacement<rank>, value: Double) {
    self.offset = offset
    self.value = value
  }

  /// Whether offsets and values are equal.
  public static func == (first: Self, second: Self) -> Bool {
    first.offset == second.offset && first.value == second.value
  }

  /// Feeds offset and value to the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(offset)
    hasher.combine(value)
  }
}
