import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// Masked scores of single places by the two-pass definition in Double.
struct MaskedWindowScores<Scalar: RealScalar>: Sendable {
  let scene: SharedBuffer<Scalar>
  /// Nil where all of the scene counts.
  let sceneWeights: SharedBuffer<Scalar>?
  let template: MaskedTemplate<Scalar>
  let geometry: ConvolutionGeometry
  /// Whether nothing is beyond the edges.
  let isOpen: Bool
  /// The least sum of weights that is scored.
  let minimumCount: Double

  /// Overwrites the scores of some places.
  func run(at indices: [Int], threads: Int, into scores: inout SharedBuffer<Scalar>) {
    let block = 64
    var values = SharedBuffer<Scalar>(uninitializedCount: indices.count)
    let ranges = (0..<indices.count.parts(of: block)).map {
      ($0 * block)..<min(($0 + 1) * block, indices.count)
    }
    let output = geometry.output
    fillRanges(ranges, of: &values, threads: threads) {
    } body: { task, out, _ in
      var pairs = MaskedPairs()
      for (slot, entry) in ranges[task].enumerated() {
        let index = indices[entry]
        let place = Extents(
          index / (output.rows * output.columns), index / output.columns % output.rows,
          index % output.columns)
        out[slot] = Scalar(score(at: place, &pairs))
      }
    }
    let source = values.span
    var out = scores.mutableSpan
    for (slot, index) in indices.enumerated() { out[index] = source[slot] }
  }

  /// The score at an output.
  func score(at output: Extents) -> Double {
    var pairs = MaskedPairs()
    return score(at: output, &pairs)
  }

  private func score(at output: Extents, _ pairs: inout MaskedPairs) -> Double {
    pairs.clear()
    gather(at: output, into: &pairs)
    let options = template.options
    guard pairs.count > 0 else { return options.missingScore }
    let sums = pairs.sums(byRoots: options.metric.isCentred)
    guard sums.count >= minimumCount else { return options.missingScore }
    guard sums.energy.isFinite, sums.product.isFinite else { return .nan }
    return sums.score(options.metric, flatScore: options.flatScore, FlatWindows<Scalar>.self)
  }

  /// Brings the elements together that count, with those of the template over them.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  private func gather(at output: Extents, into pairs: inout MaskedPairs) {
    let (kernel, image, edges) = (geometry.kernel, geometry.image, geometry.edges)
    let start = Extents { output[$0] + geometry.offset[$0] }
    let taps = (0..<3).map { axis in
      let low = isOpen ? min(kernel[axis], max(0, -start[axis])) : 0
      return low..<(isOpen ? max(low, min(kernel[axis], image[axis] - start[axis])) : kernel[axis])
    }
    let columns = taps[2].map { edges.index(start.columns + $0, extent: image.columns) ?? -1 }
    let (elements, weights) = (template.given, template.weights)
    let (pattern, templateWeights) = (elements.span, weights.span)
    let pixels = scene.span
    for i in taps[0] {
      let plane = edges.index(start.planes + i, extent: image.planes)
      for j in taps[1] {
        let row = edges.index(start.rows + j, extent: image.rows)
        let line = row.flatMap { row in plane.map { ($0 * image.rows + row) * image.columns } }
        let tap = (i * kernel.rows + j) * kernel.columns
        for (slot, k) in taps[2].enumerated() where templateWeights[tap + k] > 0 {
          var weight = templateWeights[tap + k]
          let t = Double(pattern[tap + k])
          guard let line, columns[slot] >= 0 else {
            pairs.append(edges.value, t, weight)
            continue
          }
          let index = line + columns[slot]
          if let sceneWeights { weight *= Double(sceneWeights[index]) }
          if weight > 0 { pairs.append(Double(pixels[index]), t, weight) }
        }
      }
    }
  }
}

/// Elements that count at a place, those of the template over them, and what they weigh.
private struct MaskedPairs {
  private var window: [Double] = []
  private var template: [Double] = []
  private var weights: [Double] = []

  var count: Int { weights.count }

  mutating func clear() {
    window.removeAll(keepingCapacity: true)
    template.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
  }

  @inline(__always)
  mutating func append(_ element: Double, _ tap: Double, _ weight: Double) {
    window.append(element)
    template.append(tap)
    weights.append(weight)
  }

  /// The sums about the means, which are taken first: with the weights or with their squares.
  func sums(byRoots: Bool) -> MaskedMoments {
    var sums = MaskedMoments()
    // About its first element a flat window is 0, and nothing is left of it.
    let (f0, t0) = (window[0], template[0])
    var (total, mean, level) = (0.0, 0.0, 0.0)
    for index in weights.indices {
      let square = weights[index] * weights[index]
      let weight = byRoots ? weights[index] : square
      sums.count += square
      total += weight
      mean += weight * (window[index] - f0)
      level += weight * (template[index] - t0)
    }
    mean /= total
    level /= total
    for index in weights.indices {
      let weight = weights[index] * weights[index]
      let (f, t) = (window[index] - f0 - mean, template[index] - t0 - level)
      let difference = window[index] - template[index]
      sums.product += weight * f * t
      sums.energy += weight * f * f
      sums.templateEnergy += weight * t * t
      sums.distance += weight * difference * difference
    }
    sums.mean = f0 + mean
    sums.templateMean = t0 + level
    return sums
  }
}

/// Weighted sums of the definitions.
private struct MaskedMoments {
  var count = 0.0
  var (product, energy, templateEnergy, distance) = (0.0, 0.0, 0.0, 0.0)
  var (mean, templateMean) = (0.0, 0.0)

  func score<Scalar>(
    _ metric: MatchingMetric, flatScore: Double, _ flat: FlatWindows<Scalar>.Type
  ) -> Double {
    let (power, templatePower) = (count * mean * mean, count * templateMean * templateMean)
    let norm = (energy + power).squareRoot() * (templateEnergy + templatePower).squareRoot()
    let cross = product + count * mean * templateMean
    switch metric {
    case .zncc:
      guard flat.hasContrast(energy: energy, power: power, squares: energy),
        flat.hasContrast(energy: templateEnergy, power: templatePower, squares: templateEnergy)
      else { return flatScore }
      return min(1, max(-1, product / (energy.squareRoot() * templateEnergy.squareRoot())))
    case .ncc: return norm > 0 ? min(1, max(-1, cross / norm)) : flatScore
    case .nssd: return norm > 0 ? distance / norm : flatScore
    case .ssd: return distance
    case .cross: return cross
    case .zeroMeanCross: return product
    }
  }
}
