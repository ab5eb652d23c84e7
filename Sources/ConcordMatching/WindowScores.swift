import ConcordArrays
import ConcordBackends
import ConcordFiltering

/// Scores of single windows by the two-pass definition in Double.
struct WindowScores<Scalar: RealScalar>: Sendable {
  let scene: [SharedBuffer<Scalar>]
  let template: [SharedBuffer<Scalar>]
  let geometry: ConvolutionGeometry
  let options: MatchingOptions

  init(
    scene: [SharedBuffer<Scalar>], _ template: PreparedTemplate<Scalar>,
    _ geometry: ConvolutionGeometry
  ) {
    self.scene = scene
    self.template = template.given
    self.geometry = geometry
    options = template.options
  }

  /// Overwrites the scores of some windows.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func run(at indices: [Int], threads: Int, into scores: inout SharedBuffer<Scalar>) {
    let block = 256
    let blocks = indices.count.parts(of: block)
    var values = SharedBuffer<Scalar>(uninitializedCount: indices.count)
    let ranges = (0..<blocks).map { ($0 * block)..<min(($0 + 1) * block, indices.count) }
    fillRanges(ranges, of: &values, threads: threads) {
    } body: { task, out, _ in
      var pairs = WindowPairs(capacity: geometry.kernel.count)
      for (slot, entry) in ranges[task].enumerated() {
        out[slot] = Scalar(score(at: place(ofIndex: indices[entry]), &pairs))
      }
    }
    copy(values, to: indices, of: &scores)
  }

  /// The score at an output.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  func score(at output: Extents) -> Double {
    var pairs = WindowPairs(capacity: geometry.kernel.count)
    return score(at: output, &pairs)
  }

  private func place(ofIndex index: Int) -> Extents {
    let output = geometry.output
    return Extents(
      index / (output.rows * output.columns), index / output.columns % output.rows,
      index % output.columns)
  }

  private func score(at output: Extents, _ pairs: inout WindowPairs) -> Double {
    var sums = DefinitionMoments()
    for channel in scene.indices {
      gather(channel, at: output, into: &pairs)
      sums.add(pairs)
    }
    let overlap = Double(pairs.count) / Double(geometry.kernel.count)
    guard !geometry.renormalizes || (pairs.count > 0 && overlap >= options.minimumOverlap) else {
      return options.missingScore
    }
    return score(sums)
  }

  /// The metric of exact sums.
  private func score(_ sums: DefinitionMoments) -> Double {
    guard sums.energy.isFinite, sums.product.isFinite else { return .nan }
    let hasContrast = FlatWindows<Scalar>.hasContrast(
      energy: sums.energy, power: sums.power, squares: sums.energy)
    let hasPattern = FlatWindows<Scalar>.hasContrast(
      energy: sums.templateEnergy, power: sums.templatePower, squares: sums.templateEnergy)
    let window = (hasContrast ? sums.energy : 0) + sums.power
    let norm = window.squareRoot() * (sums.templateEnergy + sums.templatePower).squareRoot()
    switch options.metric {
    case .zncc:
      guard hasContrast, hasPattern else { return options.flatScore }
      let value = sums.product / (sums.energy.squareRoot() * sums.templateEnergy.squareRoot())
      return min(1, max(-1, value))
    case .ncc:
      return norm > 0 ? min(1, max(-1, (sums.product + sums.levels) / norm)) : options.flatScore
    case .nssd: return norm > 0 ? sums.distance / norm : options.flatScore
    case .ssd: return sums.distance
    case .cross: return sums.product + sums.levels
    case .zeroMeanCross: return sums.product
    }
  }

  /// Copies a channel of a window beside the template's elements over it.
  private func gather(_ channel: Int, at output: Extents, into pairs: inout WindowPairs) {
    let (scene, template) = (scene[channel], template[channel])
    let pixels = scene.span
    let taps = template.span
    let (kernel, image, edges) = (geometry.kernel, geometry.image, geometry.edges)
    let first = output.columns + geometry.offset.columns
    let isInside = first >= 0 && first + kernel.columns <= image.columns
    let columns =
      isInside
      ? [] : (0..<kernel.columns).map { edges.index(first + $0, extent: image.columns) ?? -1 }
    pairs.count = 0
    for i in 0..<kernel.planes {
      let plane = edges.index(output.planes + i + geometry.offset.planes, extent: image.planes)
      for j in 0..<kernel.rows {
        let row = edges.index(output.rows + j + geometry.offset.rows, extent: image.rows)
        let tap = (i * kernel.rows + j) * kernel.columns
        guard let plane, let row else {
          if geometry.renormalizes { continue }
          for k in 0..<kernel.columns { pairs.append(edges.value, Double(taps[tap + k])) }
          continue
        }
        let line = (plane * image.rows + row) * image.columns
        if isInside {
          for k in 0..<kernel.columns {
            pairs.append(Double(pixels[line + first + k]), Double(taps[tap + k]))
          }
          continue
        }
        for k in 0..<kernel.columns {
          let column = columns[k]
          if column >= 0 {
            pairs.append(Double(pixels[line + column]), Double(taps[tap + k]))
          } else if !geometry.renormalizes {
            pairs.append(edges.value, Double(taps[tap + k]))
          }
        }
      }
    }
  }

  private func copy(
    _ values: SharedBuffer<Scalar>, to indices: [Int], of scores: inout SharedBuffer<Scalar>
  ) {
    let source = values.span
    var out = scores.mutableSpan
    for (slot, index) in indices.enumerated() { out[index] = source[slot] }
  }
}

/// Elements of a window, and those of the template over them.
private struct WindowPairs {
  var window: [Double]
  var template: [Double]
  var count = 0

  init(capacity: Int) {
    window = [Double](repeating: 0, count: capacity)
    template = window
  }

  @inline(__always)
  mutating func append(_ element: Double, _ tap: Double) {
    window[count] = element
    template[count] = tap
    count += 1
  }
}

/// Sums of the definitions, of all channels, with the means taken first.
private struct DefinitionMoments {
  var (product, energy, templateEnergy) = (0.0, 0.0, 0.0)
  /// n f̄², n t̄² and n f̄ t̄.
  var (power, templatePower, levels) = (0.0, 0.0, 0.0)
  /// Σ (f - t)².
  var distance = 0.0

  mutating func add(_ pairs: WindowPairs) {
    guard pairs.count > 0 else { return }
    let count = Double(pairs.count)
    var (sum, templateSum) = (0.0, 0.0)
    for index in 0..<pairs.count {
      sum += pairs.window[index]
      templateSum += pairs.template[index]
    }
    let (mean, templateMean) = (sum / count, templateSum / count)
    for index in 0..<pairs.count {
      let (f, t) = (pairs.window[index], pairs.template[index])
      product += (f - mean) * (t - templateMean)
      energy += (f - mean) * (f - mean)
      templateEnergy += (t - templateMean) * (t - templateMean)
      distance += (f - t) * (f - t)
    }
    power += count * mean * mean
    templatePower += count * templateMean * templateMean
    levels += count * mean * templateMean
  }
}
