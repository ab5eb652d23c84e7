/// One number that describes the elements of a window.
public enum NaiveStatistic: Hashable, Sendable, CaseIterable {
  /// Σ x
  case sum
  /// Σ x / n
  case mean
  /// Σ (x - mean)² / n
  case variance
  /// The middle element, or the mean of the two in the middle; NaN if any element is.
  case median
  /// The smallest element; NaN if any element is.
  case minimum
  /// The largest element; NaN if any element is.
  case maximum

  /// The statistic of at least one element.
  public func of(_ elements: [Double]) -> Double {
    let n = Double(elements.count)
    switch self {
    case .sum:
      return elements.reduce(0, +)
    case .mean:
      return elements.reduce(0, +) / n
    case .variance:
      let mean = elements.reduce(0, +) / n
      return elements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    case .median:
      if elements.contains(where: \.isNaN) { return .nan }
      let sorted = elements.sorted()
      let middle = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    case .minimum:
      return elements.contains(where: \.isNaN) ? .nan : elements.reduce(.infinity, min)
    case .maximum:
      return elements.contains(where: \.isNaN) ? .nan : elements.reduce(-.infinity, max)
    }
  }
}

/// What happens to windows that reach beyond the array.
public enum NaiveEdges: Hashable, Sendable {
  /// There are none: only windows wholly inside give an output.
  case valid
  /// They shrink to what is inside: a sum of fewer elements, a mean over fewer.
  case shrinking
  /// The array is extended. `renormalize` shrinks them too, and rescales sums to the full count.
  case extended(NaiveBoundary)
}

extension NaiveArray {
  /// The statistic of the window round each element.
  ///
  /// The window's element `centre` (default: half of each extent, rounded down) stands on the
  /// output element.
  ///
  /// - Throws: ``NaiveError`` if no window fits inside, or if the centre lies outside the window.
  public func windowed(
    _ statistic: NaiveStatistic, window: [Int], edges: NaiveEdges, centre: [Int]? = nil
  ) throws(NaiveError) -> NaiveArray {
    let full = Double(window.reduce(1, *))
    return try mapWindows(window, edges: edges, centre: centre) { elements in
      let value = elements.isEmpty ? Double.nan : statistic.of(elements)
      let isRescaled = statistic == .sum && edges == .extended(.renormalize)
      return isRescaled ? value * full / Double(elements.count) : value
    }
  }

  /// A function of the elements of the window round each element, in row-major order.
  ///
  /// - Throws: ``NaiveError`` if no window fits inside, or if the centre lies outside the window.
  public func mapWindows(
    _ window: [Int], edges: NaiveEdges, centre: [Int]? = nil, _ value: ([Double]) -> Double
  ) throws(NaiveError) -> NaiveArray {
    guard window.count == shape.count else { throw .shapesDiffer }
    if edges == .valid && !dominates(shape, window) { throw .windowTooLarge }
    let positions = NaiveFilter(
      .correlation, mode: edges == .valid ? .valid : .same,
      centring: .index(centre ?? window.map { $0 / 2 }))
    let slide = try Slide(positions, image: shape, kernel: window)
    var boundary = NaiveBoundary.renormalize
    if case .extended(let rule) = edges { boundary = rule }
    let source = extended(before: slide.before, after: slide.after, boundary: boundary).values
    // 1 where there is an element to read, 0 where the window shrinks.
    let present = NaiveArray(shape: shape, repeating: 1).extended(
      before: slide.before, after: slide.after,
      boundary: boundary == .renormalize ? .zero : .constant(1)
    ).values
    let results = slide.starts.map { start in
      var elements: [Double] = []
      for tap in slide.taps where present[start + tap] == 1 { elements.append(source[start + tap]) }
      return value(elements)
    }
    return NaiveArray(shape: slide.out, values: results)
  }
}
