public import ConcordArrays

/// What a template of a set is: one of those that were given, turned and enlarged.
public struct TemplateVariant: Hashable, Sendable {
  /// Which of the templates that were given it is made of.
  public var source: Int
  /// By how many degrees it is turned, counter-clockwise as images are looked at.
  public var angle: Double
  /// How many times it is as large.
  public var scale: Double

  /// A template as it is, or turned and enlarged.
  public init(source: Int, angle: Double = 0, scale: Double = 1) {
    self.source = source
    self.angle = angle
    self.scale = scale
  }

  /// Every template at every scale and every angle, in that order of nesting.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` for an empty list.
  public static func all(
    of templates: Int, rotations: [Double], scales: [Double]
  ) throws(ConcordError) -> [TemplateVariant] {
    guard !rotations.isEmpty else { throw .empty(what: "the list of rotations") }
    guard !scales.isEmpty else { throw .empty(what: "the list of scales") }
    return (0..<templates).flatMap { source in
      scales.flatMap { scale in
        rotations.map { TemplateVariant(source: source, angle: $0, scale: scale) }
      }
    }
  }
}

/// A place where a template of a set was found.
public struct TemplateMatch<let rank: Int>: Hashable, Sendable {
  /// The number of the template in the set.
  public var template: Int
  /// Where its first element lies in the scene, and its score.
  public var match: Match<rank>

  /// A match of a template.
  public init(template: Int, match: Match<rank>) {
    self.template = template
    self.match = match
  }

  /// Whether templates and matches are equal.
  public static func == (first: Self, second: Self) -> Bool {
    first.template == second.template && first.match == second.match
  }

  /// Feeds template and match to the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(template)
    hasher.combine(match)
  }
}
