public import ConcordArrays
package import ConcordMediaBackends

/// Curves over a common axis, with ticks, a grid, a title and a legend.
///
///     let series = try LinePlot.Series("direct", x: sizes, y: seconds)
///     var plot = LinePlot([series], title: "Time of a filter")
///     plot.xAxis = LinePlot.Axis(label: "kernel size", scale: .logarithmic)
///     try plot.write(to: "times.png")
public struct LinePlot: Picture {
  /// A curve and its name.
  public struct Series: Sendable, Equatable {
    /// The name in the legend.
    public let name: String
    /// The points' places along the x axis.
    public let x: [Double]
    /// The points' values.
    public let y: [Double]

    /// A curve through points; it is broken where a number is not finite.
    ///
    /// - Throws: ``ConcordError/elementCount(expected:found:)`` unless there is a y for each x.
    public init(_ name: String, x: [Double], y: [Double]) throws(ConcordError) {
      guard x.count == y.count else {
        throw .elementCount(expected: x.count, found: y.count)
      }
      self.name = name
      self.x = x
      self.y = y
    }

    /// A curve of values at 0, 1, 2 and so on.
    public init(_ name: String, _ y: [Double]) {
      self.name = name
      self.x = y.indices.map(Double.init)
      self.y = y
    }
  }

  /// How numbers become places along an axis.
  public enum Scale: Sendable, Equatable {
    /// Equal differences are equally long.
    case linear
    /// Equal ratios are equally long; points that are not positive are left out.
    case logarithmic
  }

  /// An axis: what it says and how it counts.
  public struct Axis: Sendable, Equatable {
    /// The quantity and its unit.
    public var label: String?
    /// How numbers become places.
    public var scale: Scale
    /// The numbers at both ends; by default those of the data.
    public var range: ClosedRange<Double>?

    /// An axis of a scale.
    public init(
      label: String? = nil, scale: Scale = .linear, range: ClosedRange<Double>? = nil
    ) {
      self.label = label
      self.scale = scale
      self.range = range
    }
  }

  /// The curves, in the order of the legend.
  public var series: [Series]

  /// The title, broken into lines where it is long.
  public var title: String

  /// A smaller line below the title.
  public var subtitle: String?

  /// The horizontal axis.
  public var xAxis = Axis()

  /// The vertical axis.
  public var yAxis = Axis()

  /// A plot of curves.
  public init(_ series: [Series], title: String) {
    self.series = series
    self.title = title
  }

  /// The picture as the bytes of a PNG file.
  ///
  /// - Throws: ``ConcordError/empty(what:)`` if there are no points,
  ///   ``ConcordError/outOfRange(what:found:allowed:)`` if an axis' range has no meaning.
  public func png() throws(ConcordError) -> [UInt8] {
    let canvas = try rendered()
    do { return try canvas.png() } catch { throw ConcordError(error) }
  }

  /// The drawn picture, before it is encoded.
  package func rendered() throws(ConcordError) -> Canvas {
    guard series.contains(where: { !$0.x.isEmpty }) else { throw .empty(what: "the plot") }
    let points = series.flatMap { series in
      zip(series.x, series.y).filter { xAxis.shows($0) && yAxis.shows($1) }
    }
    // Marked points at the ends are drawn whole; long curves fill the frame.
    let isMarked = series.contains { $0.x.count <= Curve.mostMarked }
    let xScale = try AxisScale(xAxis, of: points.map(\.0), margin: isMarked ? 0.02 : 0)
    let yScale = try AxisScale(yAxis, of: points.map(\.1), margin: 0.04)
    return try drawing { () throws(CanvasError) in
      try LinePlotLayout(self, xScale, yScale).draw()
    }
  }
}

extension LinePlot.Axis {
  /// Whether a number has a place on the axis.
  func shows(_ value: Double) -> Bool {
    value.isFinite && (scale == .linear || value > 0)
  }
}
