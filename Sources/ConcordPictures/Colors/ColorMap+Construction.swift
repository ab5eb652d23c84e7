import RealModule

extension ColorMap {
  /// The sequential map before rounding: even steps of lightness *and* of OKLab distance.
  ///
  /// Lightness rises linearly from 0.25 to 0.95 while the hue turns from violet blue (290°) over
  /// green to yellow (108°). The chroma C(t) is given; with the path's speed S held constant, the
  /// hue turns at the rate that is left over:
  ///
  ///     h′(t) = √(S² − L′² − C′(t)²) / C(t)
  ///
  /// S is found by bisection so that the hue arrives at its end.
  package static func sequentialPath(count: Int) -> [OKLab] {
    let (dark, bright, firstHue, lastHue) = (0.25, 0.95, 290.0, 108.0)
    let turn = (firstHue - lastHue) * Double.pi / 180
    var slow = bright - dark
    var fast = 4.0
    for _ in 0..<50 {
      let speed = (slow + fast) / 2
      let turned = hueTurns(speed: speed, rise: bright - dark, count: count)
      if turned[count - 1] < turn { slow = speed } else { fast = speed }
    }
    let turns = hueTurns(speed: fast, rise: bright - dark, count: count)
    return (0..<count).map { entry in
      let t = Double(entry) / Double(count - 1)
      return OKLab(
        lightness: dark + (bright - dark) * t, chroma: chroma(t),
        hue: firstHue - turns[entry] * 180 / Double.pi)
    }
  }

  /// The diverging map before rounding: straight lines in OKLab from near white to blue and red.
  package static func divergingPath(count: Int) -> [OKLab] {
    (0..<count).map { entry in
      let t = 2 * Double(entry) / Double(count - 1) - 1
      return OKLab(
        lightness: 0.96 - 0.51 * abs(t), chroma: 0.18 * abs(t), hue: t < 0 ? 262 : 25)
    }
  }

  /// Bernstein coefficients of the sequential map's chroma.
  ///
  /// Found by random search for the most colourful path that stays inside the sRGB gamut; the dip
  /// is at cyan, of which screens have the least.
  private static let chromaCoefficients = [0.137, 0.225, -0.034, 0.018, 0.240, 0.186]

  private static func chroma(_ t: Double) -> Double {
    bernstein(chromaCoefficients, t)
  }

  private static func chromaSlope(_ t: Double) -> Double {
    let degree = Double(chromaCoefficients.count - 1)
    let differences = zip(chromaCoefficients.dropFirst(), chromaCoefficients).map(-)
    return degree * bernstein(differences, t)
  }

  /// The value at `t` of a polynomial in Bernstein form, by De Casteljau's steps.
  private static func bernstein(_ coefficients: [Double], _ t: Double) -> Double {
    var row = coefficients
    while row.count > 1 {
      row = zip(row, row.dropFirst()).map { $0 + t * ($1 - $0) }
    }
    return row[0]
  }

  /// How far the hue has turned at each entry, in radians: the integral of its rate, by
  /// midpoints.
  private static func hueTurns(speed: Double, rise: Double, count: Int) -> [Double] {
    let step = 1 / Double(count - 1)
    var turns = [0.0]
    for entry in 1..<count {
      let t = (Double(entry) - 0.5) * step
      let slope = chromaSlope(t)
      let rest = max(speed * speed - rise * rise - slope * slope, 0)
      turns.append(turns[entry - 1] + step * rest.squareRoot() / chroma(t))
    }
    return turns
  }
}
