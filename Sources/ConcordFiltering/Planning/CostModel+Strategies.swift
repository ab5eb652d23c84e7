import ConcordBackends
import Foundation

extension CostModel {
  /// Predicts the time and memory of a strategy.
  package func estimate(
    _ strategy: ConvolutionStrategy, for problem: ConvolutionProblem
  ) -> StrategyEstimate {
    let cost =
      switch strategy {
      case .direct: direct(problem)
      case .separable(let terms): separable(terms, problem)
      case .box: box(problem)
      case .matrix: matrix(BankProblem(problem))
      case .fft(let layout): transform(layout, problem)
      case .overlapSave(let layout):
        overlapSave(
          OverlapTiles(
            lengths: layout.extents, kernel: problem.geometry.kernel,
            output: problem.geometry.output), problem)
      }
    return StrategyEstimate(
      strategy: strategy, seconds: cost.seconds + rescaling(strategy, problem),
      bytes: cost.bytes + (problem.isLocal ? localBytes(strategy, problem) : 0))
  }

  /// Bytes for finding the windows whose sums a transform loses.
  private func localBytes(_ strategy: ConvolutionStrategy, _ problem: ConvolutionProblem) -> Int {
    switch strategy {
    case .direct, .separable, .box, .matrix: 0
    case .fft, .overlapSave:
      problem.isDouble
        ? LocalRounding<Double>.bytes(problem.geometry, threads: problem.threads)
        : LocalRounding<Float>.bytes(problem.geometry, threads: problem.threads)
    }
  }

  /// Seconds for the factors of windows that shrink, which each row near an edge has of its own.
  private func rescaling(_ strategy: ConvolutionStrategy, _ problem: ConvolutionProblem) -> Double {
    guard problem.geometry.renormalizes else { return 0 }
    switch strategy {
    // Products have a factor for each axis, and windows are divided by what they hold.
    case .separable, .box: return 0
    case .direct, .matrix, .fft, .overlapSave: break
    }
    let (image, kernel, output) = (
      problem.geometry.image, problem.geometry.kernel, problem.geometry.output
    )
    let complete = Extents { max(0, min(output[$0], image[$0] - kernel[$0] + 1)) }
    let rows = output.planes * output.rows - complete.planes * complete.rows
    let ranges = min(output.columns, output.columns - complete.columns + 1)
    let work = Double(rows * ranges) * edgeFactor
    return work / Double(usefulThreads(problem.threads, seconds: work))
  }

  /// The threads that a strategy is worth for a problem.
  package func usefulThreads(_ strategy: ConvolutionStrategy, for problem: ConvolutionProblem)
    -> Int
  {
    var alone = problem
    alone.threads = 1
    return usefulThreads(problem.threads, seconds: estimate(strategy, for: alone).seconds)
  }

  /// Work that is done in equal tasks.
  func seconds(_ work: Double, tasks: Int, _ problem: ConvolutionProblem) -> Double {
    let serial = work * problem.slowdown
    let threads = min(tasks, usefulThreads(problem.threads, seconds: serial))
    guard threads > 1 else { return call + serial }
    let rounds = tasks.parts(of: threads)
    return call + sharing + serial * Double(rounds) / Double(tasks)
  }

  private func direct(_ problem: ConvolutionProblem) -> (seconds: Double, bytes: Int) {
    let (output, kernel) = (problem.geometry.output, problem.geometry.kernel)
    // Complex products take four real ones.
    let products = problem.isComplex ? 4.0 : 1.0
    let isLine = output.planes * output.rows == 1
    let tap =
      multiplyAdd * (isLine ? 1 : Self.effort(kernel)) + (isLine ? loneRowMultiplyAdd : 0)
    let rows = Double(output.planes * output.rows * kernel.planes)
    let work =
      products
      * (problem.geometry.multiplyAdds * tap + Double(output.count) * directOutput
        + rows * directRow)
    let tiles = DirectTiles(for: problem.geometry)
    return (
      seconds(work, tasks: tiles.count, problem),
      (tiles.scratchCount + (problem.isComplex ? tiles.largestCount : 0)) * problem.scalarSize
        * min(problem.threads, tiles.count)
    )
  }

  /// What a multiply-add of a kernel costs beside one of a large square.
  private static func effort(_ kernel: Extents) -> Double {
    // Few taps of many planes each start a row anew.
    guard kernel.planes == 1 else { return kernel.count <= 200 ? 1.3 : 1 }
    // Unrolled for so many rows, of which the more, the fewer can stay in registers.
    if (2...11).contains(kernel.rows) { return kernel.rows < 10 ? 0.76 : 0.82 }
    // What is loaded serves few taps: one row, or few columns.
    if kernel.rows > 11 && kernel.columns < 8 { return 1.4 }
    return kernel.rows == 1 && kernel.columns > 64 ? 1.3 : 1
  }

  private func separable(
    _ terms: Int, _ problem: ConvolutionProblem
  ) -> (seconds: Double, bytes: Int) {
    let cut = SeparableCut(
      kernel: problem.geometry.kernel, output: problem.geometry.output, terms: terms,
      scalarSize: problem.scalarSize)
    let work =
      Double(problem.geometry.output.count) * (cut.multiplyAdds * passMultiplyAdd + passOutput)
      + cut.rows * passRow
    return (
      seconds(work, tasks: cut.count, problem),
      cut.workspaceCount * problem.scalarSize * min(problem.threads, cut.count)
    )
  }

  private func box(_ problem: ConvolutionProblem) -> (seconds: Double, bytes: Int) {
    let tiles = WindowTiles(problem.geometry.windowProblem(.scaledSum(1)))
    let bytes =
      problem.isDouble
      ? tiles.workspaceBytes(of: Double.self, threads: problem.threads)
      : tiles.workspaceBytes(of: Float.self, threads: problem.threads)
    let work = Double(problem.geometry.output.count) * windowOutput + tiles.work * windowInput
    return (seconds(work, tasks: tiles.tasks, problem), Int(min(bytes, 0x1p60)))
  }

  /// Seconds for finding out that a kernel is a sum of so many products, or of more.
  func search(_ terms: Int, in kernel: Extents) -> Double {
    call + Double(kernel.count) * Double(terms + 2) * factorSearch
  }

  private func transform(
    _ layout: TransformLayout, _ problem: ConvolutionProblem
  ) -> (seconds: Double, bytes: Int) {
    let lengths = layout.extents
    let samples = Double(lengths.count) * (problem.isComplex ? 2 : 1)
    let butterflies = layout.lengths.reduce(0.0) { sum, length in
      length > 1 ? sum + transformWork(length) / Double(length) : sum
    }
    let sizes = SpectralSizes(lengths: lengths, isComplex: problem.isComplex)
    // Row spectra of the image, and the kernel's spectrum.
    let bytes = 2 * problem.scalarSize * (sizes.workspaceCount + sizes.spectrumCount)
    let excess = max(0, log2(Double(bytes) / Double(imageCacheBytes)))
    // One more axis is one more way through memory.
    let ways = lengths.planes > 1 ? 1.55 : 1
    let work = samples * (ways * butterflies * butterfly + excess * imageCacheMiss)
    let threads = SpectralTransform<Float>.usefulThreads(problem.threads, lengths: lengths)
    let calls = transformCall + imageCall
    return (calls + seconds(work, tasks: threads == 1 ? 1 : 1 << 10, problem), bytes)
  }

  /// Tiles of equal cost, two at a time if real, each on one thread unless they are too few.
  func overlapSave(
    _ tiles: OverlapTiles, _ problem: ConvolutionProblem
  ) -> (seconds: Double, bytes: Int) {
    let values = Double(tiles.lengths.count)
    let parts = problem.isComplex ? 1 : 2
    let tasks = tiles.count.parts(of: parts)
    let bytes = tiles.workspaceCount * problem.scalarSize
    // The kernel's spectrum, and a line's twist, are read beside the tile.
    let shared = (tiles.isLine ? 2 : 1) * tiles.spectrumCount * problem.scalarSize
    let excess = max(0, log2(Double(bytes + shared) / Double(tileCacheBytes)))
    // A line's passes go through memory in order.
    let overflow =
      tiles.isLine ? 0 : max(0, log2(Double(bytes + shared / 2) / Double(tileMemoryBytes)))
    let value =
      log2(values) * tileButterfly + tileValue + excess * tileCacheMiss
      + overflow * tileMemoryMiss + (tiles.isLine ? lineValue : 0)
    let rows = Double(2 * tiles.lengths.planes * tiles.lengths.rows)
    let work = Double(tasks) * (values * value * Self.conflicts(tiles) + rows * tileRow)
    if tiles.areShared(tasks: tasks, threads: problem.threads) {
      // Threads wait for each other between the stages of a tile, and small tiles have short ones.
      let waiting = tiles.isLine ? 1.2 : 1.7
      return (
        transformCall + seconds(waiting * work, tasks: 1 << 10, problem),
        bytes * problem.threads + shared
      )
    }
    return (
      transformCall + seconds(work, tasks: tasks, problem),
      bytes * min(problem.threads, tasks) + shared
    )
  }

  /// How much longer transforms of long powers of two take, as rows that far apart share sets of the
  /// caches.
  ///
  /// 1024 takes a seventh more than 960 or 1152 for an element, 2048 twice as much along both axes.
  private static func conflicts(_ tiles: OverlapTiles) -> Double {
    guard !tiles.isLine else { return 1 }
    return [tiles.lengths.rows, tiles.lengths.columns].reduce(1) {
      $0 * ($1 == 1024 ? 1.15 : $1 == 2048 ? 1.4 : 1)
    }
  }
}

extension ConvolutionProblem {
  var scalarSize: Int { isDouble ? 8 : 4 }
  /// The bytes of an image and of its result.
  var arrayBytes: Int {
    (geometry.image.count + geometry.output.count) * scalarSize * (isComplex ? 2 : 1)
  }
  var slowdown: Double { isDouble ? 2 : 1 }
}
