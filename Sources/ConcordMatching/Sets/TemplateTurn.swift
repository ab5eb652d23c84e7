import ConcordArrays
import ConcordBackends
import RealModule

/// A template turned and enlarged: which rectangle it fills, and where that is read.
struct TemplateTurn: Sendable {
  /// The extents of the result.
  let rows: Int
  let columns: Int
  /// The extents of what is read.
  private let source: (rows: Int, columns: Int)
  /// From one pixel of the result to the next along a row, in pixels of what is read; one row further it is
  /// (-step.y, step.x).
  private let step: (x: Double, y: Double)

  init(rows: Int, columns: Int, angle: Double, scale: Double) throws(ConcordError) {
    guard angle.isFinite else {
      throw .outOfRange(what: "the angle", found: angle, allowed: "finite degrees")
    }
    guard (0.01...100).contains(scale) else {
      throw .outOfRange(what: "the scale", found: scale, allowed: "0.01 to 100")
    }
    let (sine, cosine) = Self.direction(angle)
    // Between the centres of the outermost pixels.
    let spans = (
      x: Double(max(0, columns - 1)) * scale, y: Double(max(0, rows - 1)) * scale
    )
    let fitted = Self.rectangle(spans.x, spans.y, abs(sine), abs(cosine))
    let rounding = 1e-6
    self.columns = Int(fitted.x + rounding) + 1
    self.rows = Int(fitted.y + rounding) + 1
    source = (rows, columns)
    step = (cosine / scale, sine / scale)
    let least = rows > 1 && columns > 1 ? 2 : 1
    for (name, extent) in [("rows", self.rows), ("columns", self.columns)] where extent < least {
      throw .outOfRange(
        what:
          "the \(name) of a template of \(rows) × \(columns) at angle \(angle) and scale \(scale)",
        found: Double(extent), allowed: "at least 2")
    }
  }

  /// Whether the result is what is read.
  var isNothing: Bool { step.x == 1 && step.y == 0 }

  /// Sine and cosine, exact for multiples of a right angle.
  private static func direction(_ degrees: Double) -> (sine: Double, cosine: Double) {
    var rest = degrees.truncatingRemainder(dividingBy: 360)
    if rest < 0 { rest += 360 }
    switch rest {
    case 0: return (0, 1)
    case 90: return (1, 0)
    case 180: return (0, -1)
    case 270: return (-1, 0)
    default: return (.sin(rest * .pi / 180), .cos(rest * .pi / 180))
    }
  }

  /// The largest upright rectangle within one of extents x and y that is turned about the common centre.
  ///
  /// Its corners touch all four sides, or where the rectangle is too narrow for that, the two long ones.
  private static func rectangle(
    _ x: Double, _ y: Double, _ sine: Double, _ cosine: Double
  ) -> (x: Double, y: Double) {
    if sine == 0 { return (x, y) }
    if cosine == 0 { return (y, x) }
    let (long, short) = (max(x, y), min(x, y))
    if short <= 2 * sine * cosine * long || abs(sine - cosine) < 1e-10 {
      let half = short / 2
      return x >= y ? (half / sine, half / cosine) : (half / cosine, half / sine)
    }
    let double = cosine * cosine - sine * sine
    return ((x * cosine - y * sine) / double, (y * cosine - x * sine) / double)
  }

  /// Reads all pixels of the result.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func sample<Scalar: RealScalar>(
    _ pixels: Span<Scalar>, by sampling: TemplateSampling, into out: inout MutableSpan<Scalar>
  ) {
    let middle = (x: Double(source.columns - 1) / 2, y: Double(source.rows - 1) / 2)
    var index = 0
    for row in 0..<rows {
      let down = Double(row) - Double(rows - 1) / 2
      for column in 0..<columns {
        let across = Double(column) - Double(columns - 1) / 2
        let x = middle.x + across * step.x - down * step.y
        let y = middle.y + across * step.y + down * step.x
        out[index] = Scalar(value(pixels, x, y, sampling))
        index += 1
      }
    }
  }

  /// The value at a place between the outermost pixels; beyond them pixels are repeated.
  @inline(__always)
  private func value<Scalar: RealScalar>(
    _ pixels: Span<Scalar>, _ x: Double, _ y: Double, _ sampling: TemplateSampling
  ) -> Double {
    // What rounding puts beside a pixel is meant to be on it.
    let (x, y) = (Self.snapped(x), Self.snapped(y))
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let across = Self.weights(x - left, sampling)
    let down = Self.weights(y - top, sampling)
    var sum = 0.0
    for j in 0..<4 where down[j] != 0 {
      let line = min(max(0, Int(top) - 1 + j), source.rows - 1) * source.columns
      var row = 0.0
      for i in 0..<4 where across[i] != 0 {
        let column = min(max(0, Int(left) - 1 + i), source.columns - 1)
        row += across[i] * Double(pixels[line + column])
      }
      sum += down[j] * row
    }
    return sum
  }

  private static func snapped(_ place: Double) -> Double {
    let pixel = place.rounded()
    return abs(place - pixel) < 1e-9 ? pixel : place
  }

  /// The weights of the pixels at -1, 0, 1 and 2 for a place `t` after the pixel at 0.
  @inline(__always)
  private static func weights(_ t: Double, _ sampling: TemplateSampling) -> SIMD4<Double> {
    if t == 0 { return SIMD4(0, 1, 0, 0) }
    if sampling == .linear { return SIMD4(0, 1 - t, t, 0) }
    let (squared, cubed) = (t * t, t * t * t)
    return 0.5
      * SIMD4(
        -cubed + 2 * squared - t, 3 * cubed - 5 * squared + 2, -3 * cubed + 4 * squared + t,
        cubed - squared)
  }
}
