import Foundation

/// A family of curves as inline SVG, both axes logarithmic.
package struct SVGPlot {
  private let family: CurveFamily
  private let x: LogAxis
  private let y: LogAxis

  private static let width = 600.0
  private static let height = 390.0
  private static let left = 60.0
  private static let right = 128.0
  private static let top = 10.0
  private static let bottom = 42.0

  package init(_ family: CurveFamily) {
    self.family = family
    let points = family.curves.flatMap(\.points)
    x = LogAxis(points.map(\.x), from: Self.left, to: Self.width - Self.right)
    y = LogAxis(points.map(\.seconds), from: Self.height - Self.bottom, to: Self.top)
  }

  package var text: String {
    // What the planner chose lies on top.
    let ordered =
      family.curves.filter { !$0.isChosen && !$0.isAlone } + family.curves.filter(\.isAlone)
      + family.curves.filter(\.isChosen)
    return """
      <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img">
      <title>\(family.title.escaped)</title>
      \(frame)
      \(ordered.map(curve).joined(separator: "\n"))
      \(labels)
      </svg>
      """
  }

  private var frame: String {
    let bottom = Self.height - Self.bottom
    let edge = Self.width - Self.right
    var parts: [String] = []
    for tick in y.ticks {
      let at = y.position(tick.value).rounded1
      parts.append(#"<path class="grid" d="M\#(Self.left) \#(at)H\#(edge)"/>"#)
      if tick.isLabelled {
        parts.append(
          #"<text class="tick" x="\#(Self.left - 8)" y="\#(at)" dy="4" text-anchor="end">"#
            + "\(axisTime(tick.value))</text>")
      }
    }
    for (value, isLabelled) in xTicks {
      let at = x.position(value).rounded1
      parts.append(#"<path class="grid" d="M\#(at) \#(Self.top)V\#(bottom)"/>"#)
      if isLabelled {
        parts.append(
          #"<text class="tick" x="\#(at)" y="\#(bottom + 17)" text-anchor="middle">"#
            + "\(value.formatted(.number.grouping(.never).precision(.significantDigits(1...4))))</text>"
        )
      }
    }
    parts.append(
      #"<text class="axis" x="\#((Self.left + edge) / 2)" y="\#(Self.height - 6)" "#
        + #"text-anchor="middle">\#(family.variable.rawValue) in pixels</text>"#)
    return parts.joined(separator: "\n")
  }

  /// The measured sizes where they are few; a label that would touch its neighbour is left out.
  private var xTicks: [(value: Double, isLabelled: Bool)] {
    let values = Set(family.curves.flatMap(\.points).map(\.x)).sorted()
    guard values.count <= 12 else { return x.ticks.map { ($0.value, $0.isLabelled) } }
    var last = -Double.infinity
    return values.map { value in
      let at = x.position(value)
      let isLabelled = at - last > 22
      if isLabelled { last = at }
      return (value, isLabelled)
    }
  }

  private func curve(_ curve: Curve) -> String {
    let style = CurveStyle(curve)
    let path = curve.points.enumerated().map { index, point in
      "\(index == 0 ? "M" : "L")\(x.position(point.x).rounded1) \(y.position(point.seconds).rounded1)"
    }.joined()
    let marks = curve.points.map { point -> String in
      let at = x.position(point.x).rounded1
      let bar =
        "M\(at) \(clamped(point.quartiles.lowerBound))V\(clamped(point.quartiles.upperBound))"
      let times =
        "\(axisTime(point.seconds)) (\(axisTime(point.quartiles.lowerBound)) to "
        + "\(axisTime(point.quartiles.upperBound)))"
      return """
        <g><title>\(point.label.escaped): \(times)</title>\
        <path class="bar" d="\(bar)"/>\
        <circle cx="\(at)" cy="\(y.position(point.seconds).rounded1)" r="\(style.radius)"/></g>
        """
    }.joined(separator: "\n")
    return """
      <g class="curve \(style.kind)" style="--c:\(style.color)">
      <path class="line" d="\(path)"/>
      \(marks)
      </g>
      """
  }

  private func clamped(_ seconds: Double) -> Double {
    min(Self.height - Self.bottom, max(Self.top, y.position(seconds))).rounded1
  }

  /// The curves' names at their right ends, moved apart where they would touch.
  private var labels: String {
    let ends = family.curves.compactMap { curve in
      curve.points.last.map { (curve, y.position($0.seconds)) }
    }.sorted { $0.1 < $1.1 }
    let spacing = 14.0
    var places = ends.map(\.1)
    for index in places.indices.dropFirst() {
      places[index] = max(places[index], places[index - 1] + spacing)
    }
    // What was pushed below the frame pushes back.
    var floor = Self.height - Self.bottom + 4
    for index in places.indices.reversed() {
      places[index] = min(places[index], floor)
      floor = places[index] - spacing
    }
    let edge = Self.width - Self.right
    return zip(ends, places).map { end, place in
      let style = CurveStyle(end.0)
      let last = end.0.points.last.map { x.position($0.x) } ?? edge
      let from = "M\(last.rounded1 + style.radius + 1) \(end.1.rounded1)"
      return """
        <g class="label \(style.kind)" style="--c:\(style.color)">\
        <path class="leader" d="\(from)L\(edge + 12) \(place.rounded1)"/>\
        <text x="\(edge + 15)" y="\(place.rounded1)" dy="4">\(end.0.name.escaped)</text></g>
        """
    }.joined(separator: "\n")
  }
}

/// How a curve is drawn: each library and algorithm keeps its colour in all plots.
struct CurveStyle {
  let color: String
  let kind: String
  let radius: Double

  init(_ curve: Curve) {
    kind = curve.isChosen ? "chosen" : curve.isAlone ? "alone" : "other"
    radius = curve.isChosen ? 4.5 : 2.8
    if curve.isChosen || curve.isAlone {
      color = "var(--ours)"
    } else {
      let name = curve.name.split(separator: " ").first.map(String.init) ?? ""
      color = Self.colors[name] ?? "#7d8597"
    }
  }

  private static let colors = [
    "opencv": "#2a9d5c", "scipy": "#c98a00", "numpy": "#9467bd", "pyfftw": "#d1495b",
    "mkl": "#0f9ba0", "ducc0": "#6b7a99", "ipp": "#a9643b", "skimage": "#d2669f",
    "concord-mkl": "#4f8df0", "direct": "#2a9d5c", "fft": "#c98a00", "overlap-save": "#d1495b",
    "separable": "#0f9ba0", "box": "#a9643b", "matrix": "#9467bd", "naive": "#6b7a99",
    "fftw": "#c98a00",
  ]
}

extension Double {
  fileprivate var rounded1: Double { (self * 10).rounded() / 10 }
}
