import Foundation

/// A measurement on a curve.
package struct CurvePoint: Hashable, Sendable {
  /// The extent that the curve is drawn against.
  package let x: Double
  package let seconds: Double
  /// Where the middle half of the runs lies.
  package let quartiles: ClosedRange<Double>
  /// Who it was, and how.
  package let label: String
}

/// One algorithm or library over sizes.
package struct Curve: Hashable, Sendable {
  package let name: String
  /// Whether it is what the planner chose, with all threads.
  package let isChosen: Bool
  /// Whether it is that with one thread.
  package let isAlone: Bool
  package let points: [CurvePoint]
}

/// Curves of one problem that differs in one size.
package struct CurveFamily: Hashable, Sendable {
  package enum Variable: String, Sendable {
    case kernel = "kernel size"
    case image = "image size"
    case both = "size of both"
  }

  package let title: String
  package let variable: Variable
  package let curves: [Curve]

  /// All families that some entries hold: time against the kernel's size, and the image's.
  package static func all(in entries: [Entry]) -> [CurveFamily] {
    [Variable.kernel, .image, .both].flatMap { variable in
      groups(of: entries, along: variable).compactMap { family($0, variable) }
    }
  }

  /// Entries that differ in nothing but one size and the contender, in the order of the file.
  private static func groups(of entries: [Entry], along variable: Variable) -> [[Entry]] {
    var order: [String] = []
    var groups: [String: [Entry]] = [:]
    for entry in entries {
      guard let setting = entry.setting, let image = entry.image, let kernel = entry.kernel,
        (variable == .both) == (image == kernel)
      else { continue }
      let fixed = variable == .kernel ? image : variable == .image ? kernel : []
      let key = "\(entry.suite) \(setting) \(entry.precision) \(fixed)"
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(entry)
    }
    return order.compactMap { groups[$0] }
  }

  private static func family(_ entries: [Entry], _ variable: Variable) -> CurveFamily? {
    guard let first = entries.first, Set(entries.map { x($0, variable) }).count > 1 else {
      return nil
    }
    var names: [String] = []
    var members: [String: [Entry]] = [:]
    for entry in entries {
      let name = seriesName(entry)
      if members[name] == nil { names.append(name) }
      members[name, default: []].append(entry)
    }
    let most = entries.filter(\.isOurs).map(\.threads).max() ?? 1
    let curves = names.compactMap { name in
      members[name].map { curve(name, $0, variable, most) }
    }
    var title = first.setting ?? ""
    if variable == .kernel { title += ", \(size(first.image ?? [])) " }
    if variable == .image, let kernel = first.kernel, !kernel.isEmpty {
      title += ", kernel \(size(kernel)) "
    }
    title = title.trimmingCharacters(in: .whitespaces) + ", \(first.precision)"
    return CurveFamily(title: title, variable: variable, curves: curves)
  }

  /// Libraries have a curve each, whatever method and threads serve them best.
  private static func seriesName(_ entry: Entry) -> String {
    guard entry.isOurs else { return entry.peer ?? entry.algorithm }
    let name = entry.peer == nil || entry.peer == Peer.concord.name ? entry.algorithm : entry.name
    return "\(name == "auto" ? "concord" : name) ×\(entry.threads)"
  }

  private static func curve(
    _ name: String, _ entries: [Entry], _ variable: Variable, _ mostThreads: Int
  ) -> Curve {
    let best = Dictionary(grouping: entries) { x($0, variable) }
      .compactMapValues { $0.min { $0.median < $1.median } }
    let points = best.map { x, entry in
      CurvePoint(
        x: x, seconds: entry.median, quartiles: Timing(runs: entry.runs).quartiles,
        label: "\(entry.name) ×\(entry.threads)"
          + (entry.strategy == entry.algorithm ? "" : ", \(entry.strategy)"))
    }
    let isPlanned = entries.allSatisfy {
      $0.isOurs && $0.algorithm == "auto" && $0.name != "concord-mkl auto"
    }
    let threads = entries.first?.threads ?? 1
    return Curve(
      name: name, isChosen: isPlanned && threads == mostThreads,
      isAlone: isPlanned && threads < mostThreads, points: points.sorted { $0.x < $1.x })
  }

  /// The extent along an axis; of an oblong image, that of a square one with as many pixels.
  private static func x(_ entry: Entry, _ variable: Variable) -> Double {
    let extents = (variable == .kernel ? entry.kernel : entry.image) ?? []
    guard let first = extents.first else { return 1 }
    if Set(extents).count == 1 { return Double(first) }
    return pow(Double(extents.reduce(1, *)), 1 / Double(extents.count))
  }

  private static func size(_ extents: [Int]) -> String {
    if extents.count == 2 && extents[0] == extents[1] { return "\(extents[0])²" }
    return extents.map(String.init).joined(separator: " × ")
  }
}
