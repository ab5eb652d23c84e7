import ConcordArrays
import ConcordBackends

/// What is correlated with the kernels of a template, for each pixel of a scene: with its weight S,
/// and g for its value minus the scene's mean, brought near 1.
enum SceneChannel: Sendable {
  /// S².
  case weight
  /// S² g.
  case value
  /// S² g².
  case square
  /// S.
  case rootWeight
  /// S g.
  case rootValue
  /// 1 where S is above 0.
  case support
  /// 1 where S is above 0 and the value is not finite.
  case nonFinite
}

/// What a whole scene is like: its mean and its range under the mask.
struct SceneSummary: Sendable {
  /// The mean of what counts and is finite.
  var mean = 0.0
  /// The largest distance from the mean.
  var largest = 0.0
  /// Whether anything that counts is not finite.
  var holdsNonFinite = false
}

/// A block of a scene with its weights, as it goes on beyond its edges.
struct SceneBlock<Scalar: RealScalar>: Sendable {
  let pixels: SharedBuffer<Scalar>
  /// Nil where all count.
  let weights: SharedBuffer<Scalar>?

  /// A channel of the block; values that are not finite are 0.
  func channel(
    _ kind: SceneChannel, mean: Double, scale: Double, threads: Int
  ) -> SharedBuffer<Double> {
    var result = SharedBuffer<Double>(uninitializedCount: pixels.count)
    let step = 1 << 15
    let ranges = (0..<pixels.count.parts(of: step)).map {
      $0 * step..<min(($0 + 1) * step, pixels.count)
    }
    fillRanges(ranges, of: &result, threads: threads) {
    } body: { task, out, _ in
      let range = ranges[task]
      let values = pixels.span.extracting(range)
      if let weights {
        write(kind, values, weights.span.extracting(range), mean, scale, into: &out)
      } else {
        write(kind, values, mean, scale, into: &out)
      }
    }
    return result
  }

  /// The pixels, with another value where nothing counts or a value is not finite.
  func replacingInvalid(by value: Scalar) -> SharedBuffer<Scalar> {
    var result = pixels
    var out = result.mutableSpan
    if let weights {
      replace(weights.span, by: value, in: &out)
    } else {
      replaceNonFinite(by: value, in: &out)
    }
    return result
  }
}

/// The summary of a scene under its mask.
func summary<Scalar: RealScalar>(
  of scene: SharedBuffer<Scalar>, weights: SharedBuffer<Scalar>?, threads: Int
) -> SceneSummary {
  let step = 1 << 15
  let ranges = (0..<scene.count.parts(of: step)).map {
    $0 * step..<min(($0 + 1) * step, scene.count)
  }
  var parts = SharedBuffer<SceneMoments>(repeating: SceneMoments(), count: ranges.count)
  fillRanges(ranges.indices.map { $0..<($0 + 1) }, of: &parts, threads: threads) {
  } body: { task, out, _ in
    let pixels = scene.span.extracting(ranges[task])
    if let weights {
      out[0] = moments(pixels, weights.span.extracting(ranges[task]))
    } else {
      out[0] = moments(pixels)
    }
  }
  var whole = SceneMoments()
  for index in 0..<parts.count { whole.add(parts[index]) }
  var result = SceneSummary()
  result.holdsNonFinite = whole.holdsNonFinite
  guard whole.count > 0 else { return result }
  // Sums may exceed the largest number where their mean does not.
  let mean = whole.sum / whole.count
  result.mean = mean.isFinite ? mean : 0
  result.largest = max(whole.high - result.mean, result.mean - whole.low)
  return result
}

private struct SceneMoments: Sendable {
  var (sum, count) = (0.0, 0.0)
  var (low, high) = (Double.infinity, -Double.infinity)
  var holdsNonFinite = false

  mutating func add(_ other: SceneMoments) {
    sum += other.sum
    count += other.count
    low = min(low, other.low)
    high = max(high, other.high)
    holdsNonFinite = holdsNonFinite || other.holdsNonFinite
  }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func moments<Scalar: RealScalar>(_ pixels: Span<Scalar>) -> SceneMoments {
  var result = SceneMoments()
  if Scalar.allFinite(pixels), let range = Scalar.finiteRange(of: pixels) {
    result.sum = Scalar.moments(of: pixels, shift: 0).sum
    result.count = Double(pixels.count)
    (result.low, result.high) = (Double(range.lowerBound), Double(range.upperBound))
    return result
  }
  for index in pixels.indices {
    let x = Double(pixels[index])
    guard x.isFinite else {
      result.holdsNonFinite = true
      continue
    }
    result.sum += x
    result.count += 1
    result.low = min(result.low, x)
    result.high = max(result.high, x)
  }
  return result
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func moments<Scalar: RealScalar>(
  _ pixels: Span<Scalar>, _ weights: Span<Scalar>
) -> SceneMoments {
  var result = SceneMoments()
  for index in pixels.indices where weights[index] > 0 {
    let x = Double(pixels[index])
    guard x.isFinite else {
      result.holdsNonFinite = true
      continue
    }
    let weight = Double(weights[index]) * Double(weights[index])
    result.sum += weight * x
    result.count += weight
    result.low = min(result.low, x)
    result.high = max(result.high, x)
  }
  return result
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func write<Scalar: RealScalar>(
  _ kind: SceneChannel, _ pixels: Span<Scalar>, _ mean: Double, _ scale: Double,
  into out: inout MutableSpan<Double>
) {
  switch kind {
  case .weight, .rootWeight, .support:
    for index in out.indices { out[index] = 1 }
  case .value, .rootValue:
    for index in out.indices { out[index] = finite((Double(pixels[index]) - mean) * scale) }
  case .square:
    for index in out.indices {
      let value = finite((Double(pixels[index]) - mean) * scale)
      out[index] = value * value
    }
  case .nonFinite:
    for index in out.indices { out[index] = pixels[index].isFinite ? 0 : 1 }
  }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func write<Scalar: RealScalar>(
  _ kind: SceneChannel, _ pixels: Span<Scalar>, _ weights: Span<Scalar>, _ mean: Double,
  _ scale: Double, into out: inout MutableSpan<Double>
) {
  switch kind {
  case .weight:
    for index in out.indices {
      let weight = Double(weights[index])
      out[index] = weight * weight
    }
  case .rootWeight:
    for index in out.indices { out[index] = Double(weights[index]) }
  case .support:
    for index in out.indices { out[index] = weights[index] > 0 ? 1 : 0 }
  case .value:
    for index in out.indices {
      let weight = Double(weights[index])
      out[index] = weight * weight * finite((Double(pixels[index]) - mean) * scale)
    }
  case .rootValue:
    for index in out.indices {
      out[index] = Double(weights[index]) * finite((Double(pixels[index]) - mean) * scale)
    }
  case .square:
    for index in out.indices {
      let value = Double(weights[index]) * finite((Double(pixels[index]) - mean) * scale)
      out[index] = value * value
    }
  case .nonFinite:
    for index in out.indices {
      let counts = weights[index] > 0
      let isFinite = pixels[index].isFinite
      out[index] = counts && !isFinite ? 1 : 0
    }
  }
}

/// The value, or 0 in place of NaN and infinity.
@inline(__always)
private func finite(_ value: Double) -> Double { value.isFinite ? value : 0 }

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func replace<Scalar: RealScalar>(
  _ weights: Span<Scalar>, by value: Scalar, in out: inout MutableSpan<Scalar>
) {
  for index in out.indices {
    let counts = weights[index] > 0
    let isFinite = out[index].isFinite
    if !counts || !isFinite { out[index] = value }
  }
}

@_specialize(exported:false,where Scalar == Float)
@_specialize(exported:false,where Scalar == Double)
private func replaceNonFinite<Scalar: RealScalar>(
  by value: Scalar, in out: inout MutableSpan<Scalar>
) {
  for index in out.indices where !out[index].isFinite { out[index] = value }
}
