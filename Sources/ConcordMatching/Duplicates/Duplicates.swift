public import ConcordArrays
import ConcordBackends

extension NDArray where Scalar: RealScalar {
  /// The pairs of blocks of this array that are alike.
  ///
  /// Every block is compared with every other by the correlation coefficient, at no shift: blocks that
  /// are copies of each other score 1, whatever was done to brightness and contrast. Flat blocks, and
  /// those that hold NaN or infinity, are left out. Of more pairs than are wanted the most alike count.
  ///
  ///     var options = BlockOptions()
  ///     options.step = [8, 8]
  ///     let found = try image.duplicateBlocks(of: [16, 16], options)
  ///     for pair in found.pairs { print(pair.first, pair.second, pair.score) }
  ///
  /// - Parameters:
  ///   - block: The extents of a block.
  ///   - options: Which blocks are compared, and what is wanted of them.
  /// - Returns: The pairs, and how many blocks were compared.
  /// - Complexity: O(*b² m*) for *b* blocks of *m* elements, as matrix products of strips of blocks. Two
  ///   strips of up to 32 MB, their product of up to 16 or 32 MB, and twice the pairs that are wanted are
  ///   held; never all products.
  /// - Throws: ``ConcordError/exceeds(what:extents:limit:)`` for a block larger than the array,
  ///   ``ConcordError/elementCount(expected:found:)`` for a step that has not one number for each axis,
  ///   ``ConcordError/outOfRange(what:found:allowed:)`` for one below 1, or a threshold that is NaN.
  @_specialize(exported:false,kind:partial,where Scalar == Float)
  @_specialize(exported:false,kind:partial,where Scalar == Double)
  public func duplicateBlocks(
    of block: Shape<rank>, _ options: BlockOptions = BlockOptions()
  ) throws(ConcordError) -> BlockDuplicates<rank> {
    let step = try blockStep(block, options)
    let strips = BlockStrips(
      values: buffer, extents: shape.threeAxes, block: block.threeAxes, step: step,
      threads: Swift.max(1, options.threads ?? availableProcessors))
    let search = BlockSearch(strips: strips, options: options)
    let found = search.run()
    let pairs = found.pairs.map { pair in
      let (first, second) = (strips.corner(pair.first), strips.corner(pair.second))
      return BlockPair<rank>(
        first: Position { first[$0 + 3 - rank] }, second: Position { second[$0 + 3 - rank] },
        score: pair.score)
    }
    return BlockDuplicates(
      pairs: pairs, blockCount: strips.counts.count - found.leftOut, leftOut: found.leftOut)
  }

  private func blockStep(
    _ block: Shape<rank>, _ options: BlockOptions
  ) throws(ConcordError) -> Extents {
    guard options.step.isEmpty || options.step.count == rank else {
      throw .elementCount(expected: rank, found: options.step.count)
    }
    for axis in 0..<rank {
      guard block[axis] > 0 else { throw .empty(what: "the block") }
      guard block[axis] <= shape[axis] else {
        throw .exceeds(what: "the block", extents: block.components, limit: shape.components)
      }
    }
    if let step = options.step.first(where: { $0 < 1 }) {
      throw .outOfRange(what: "the step", found: Double(step), allowed: "at least 1")
    }
    guard !options.threshold.isNaN else {
      throw .outOfRange(what: "the threshold", found: .nan, allowed: "a number")
    }
    let components = options.step.isEmpty ? block.components : options.step
    return Extents { $0 < 3 - rank ? 1 : components[$0 - (3 - rank)] }
  }
}

/// All pairs of blocks, strip against strip.
struct BlockSearch<Scalar: RealScalar> {
  let strips: BlockStrips<Scalar>
  let options: BlockOptions

  typealias Pair = (first: Int, second: Int, score: Double)

  /// What rounding may take from a coefficient of the product.
  private var slack: Double {
    4 * Double(Scalar.ulpOfOne) * Double(strips.block.count).squareRoot()
  }

  func run() -> (pairs: [Pair], leftOut: Int) {
    let count = strips.counts.count
    let height = strips.height
    let ranges = stride(from: 0, to: count, by: height).map { $0..<min($0 + height, count) }
    let capacity = min(max(1, options.count), 1 << 24)
    let collector = PeakCollector(capacity: capacity)
    var leftOut = 0
    for (index, down) in ranges.enumerated() {
      let (first, empty) = strips.standardized(down)
      leftOut += empty
      for across in ranges[index...] {
        let second = across == down ? first : strips.standardized(across).rows
        var products = SharedBuffer<Scalar>(uninitializedCount: down.count * across.count)
        MatrixProduct.rowsByRows(
          first, second, length: strips.block.count, threads: strips.threads, into: &products)
        collect(products, down, across, of: count, into: collector)
      }
    }
    return (settled(collector.ranked().candidates, of: count), leftOut)
  }

  /// Adds the pairs of a product that may count.
  private func collect(
    _ products: SharedBuffer<Scalar>, _ down: Range<Int>, _ across: Range<Int>, of count: Int,
    into collector: PeakCollector
  ) {
    forEachTask(down.count, threads: strips.threads) { row in
      let limit = max(options.threshold - slack, collector.floor)
      let start = row * across.count
      let found = strips.pairs(
        of: down.lowerBound + row, with: across,
        products: products.span.extracting(start..<(start + across.count)), limit: limit,
        allowsOverlap: options.comparesOverlapping)
      collector.add(
        found.map {
          PeakCandidate(index: (down.lowerBound + row) * count + $0.second, value: $0.score)
        })
    }
  }

  /// The pairs with their scores in Double, in order.
  private func settled(_ candidates: [PeakCandidate], of count: Int) -> [Pair] {
    var scores = SharedBuffer<Double>(repeating: 0, count: candidates.count)
    let ranges = candidates.indices.map { $0..<($0 + 1) }
    fillRanges(ranges, of: &scores, threads: strips.threads) {
    } body: { task, out, _ in
      let index = candidates[task].index
      out[0] = strips.score(index / count, index % count)
    }
    let pairs: [Pair] = candidates.enumerated().map { slot, candidate in
      (candidate.index / count, candidate.index % count, scores[slot])
    }
    let kept = pairs.filter { $0.score >= options.threshold }.sorted {
      $0.score != $1.score
        ? $0.score > $1.score : ($0.first, $0.second) < ($1.first, $1.second)
    }
    return Array(kept.prefix(options.count))
  }
}

extension BlockStrips {
  /// The blocks of a range that a block may be alike with, itself and earlier ones left out.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  fileprivate func pairs(
    of first: Int, with across: Range<Int>, products: Span<Scalar>, limit: Double,
    allowsOverlap: Bool
  ) -> [(second: Int, score: Double)] {
    var found: [(second: Int, score: Double)] = []
    let start = max(across.lowerBound, first + 1)
    for second in stride(from: start, to: across.upperBound, by: 1) {
      let score = Double(products[second - across.lowerBound])
      if !(score >= limit) { continue }
      if !allowsOverlap && overlap(first, second) { continue }
      found.append((second, score))
    }
    return found
  }

  private func overlap(_ first: Int, _ second: Int) -> Bool {
    let (one, other) = (corner(first), corner(second))
    return (0..<3).allSatisfy { abs(one[$0] - other[$0]) < block[$0] }
  }
}
