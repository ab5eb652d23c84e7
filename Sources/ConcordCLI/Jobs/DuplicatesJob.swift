import Concord
import ConcordFiles

/// The blocks of an array against each other.
struct DuplicatesJob {
  let image: FileArray
  let block: [Int]
  let options: BlockOptions
  let precision: Precision?
  let output: String?

  func run() throws(ConcordError) -> Report {
    guard block.count == image.rank else {
      throw .file(
        path: image.path,
        problem: "expected a block of \(image.rank) extents as \(image.summary) has, found "
          + "\(block.count)")
    }
    let precision = Precision(precision, for: [image])
    return precision == .float ? try run(Float.self) : try run(Double.self)
  }

  private func run<S: RealScalar & CommandElement>(
    _ type: S.Type
  ) throws(ConcordError) -> Report {
    switch image.rank {
    case 1: try search(try image.array() as Signal<S>)
    case 2: try search(try image.array() as Image<S>)
    default: try search(try image.array() as Volume<S>)
    }
  }

  private func search<let rank: Int, S: RealScalar & CommandElement>(
    _ array: NDArray<rank, S>
  ) throws(ConcordError) -> Report {
    guard let block = Shape<rank>(components: block) else {
      throw .elementCount(expected: rank, found: block.count)
    }
    let clock = ContinuousClock()
    let start = clock.now
    let found = try array.duplicateBlocks(of: block, options)
    var report = Report(
      title: "duplicates in \(image.summary)", algorithm: "matrix", shape: [found.pairs.count],
      timing: Timing(seconds: (clock.now - start).inSeconds))
    report.fields.insert(("pairs", .array(found.pairs.map { json($0) })), at: 0)
    report.add(
      "blocks", "\(found.blockCount) of \(Format.extents(block.components))", key: "blocks",
      .integer(found.blockCount))
    if found.leftOut > 0 {
      report.lines.append(("left out", "\(found.leftOut) flat or not finite"))
    }
    report.fields.append(("left_out", .integer(found.leftOut)))
    report.lines.append(("found", "\(found.pairs.count) pair\(found.pairs.count == 1 ? "" : "s")"))
    report.details = text(found.pairs)
    if let output {
      try write(table(found.pairs), to: output)
      report.add("output", output, key: "output", .string(output))
    }
    return report
  }

  private func write(_ text: String, to output: String) throws(ConcordError) {
    if output == "-" {
      try Terminal.write(text)
    } else {
      try AtomicFile.write(text, to: output)
    }
  }

  private func json<let rank: Int>(_ pair: BlockPair<rank>) -> JSONValue {
    .object([
      ("first", .integers(pair.first.components)), ("second", .integers(pair.second.components)),
      ("score", .number(pair.score)),
    ])
  }

  /// The first pairs for people.
  private func text<let rank: Int>(_ pairs: [BlockPair<rank>]) -> String {
    let listed = 20
    var lines = pairs.prefix(listed).enumerated().map { index, pair in
      "    \(index + 1). \(pair.first) and \(pair.second), score "
        + "\(Format.significant(pair.score, digits: 5))\n"
    }
    if pairs.count > listed { lines.append("    and \(pairs.count - listed) more\n") }
    return lines.joined()
  }

  private func table<let rank: Int>(_ pairs: [BlockPair<rank>]) -> String {
    let axes = Array(["plane", "row", "column"].suffix(rank))
    let columns =
      ["rank"] + axes.map { "first_\($0)" } + axes.map { "second_\($0)" } + ["score"]
    let rows = pairs.enumerated().map { index, pair in
      let places = pair.first.components + pair.second.components
      return ["\(index + 1)"] + places.map(String.init) + ["\(pair.score)"]
    }
    return ([columns] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }
}
