import Foundation

/// Those of a case's contenders that a goal speaks of.
package struct Rival: Hashable, Sendable {
  package let name: String
  private let peers: Set<String>
  private let methods: [String]
  private var isOurs = false

  /// Methods of some libraries; all libraries, or all methods, where none is named.
  ///
  /// A method is named by the text that its name begins with.
  package init(_ name: String, peers: Set<String> = [], methods: [String] = []) {
    self.name = name
    self.peers = peers
    self.methods = methods
  }

  package static let best = Rival("the best of all")
  static let openCV = Rival("OpenCV", peers: ["opencv"])
  static let filter2D = Rival("OpenCV's filter2D", peers: ["opencv"], methods: ["filter2D"])
  static let sciPy = Rival("the best of SciPy", peers: ["scipy"], methods: ["signal.", "ndimage."])
  static let correlate = Rival(
    "scipy.signal.correlate", peers: ["scipy"], methods: ["signal.correlate"])
  static let scikitImage = Rival("scikit-image", peers: ["skimage"])

  /// A matcher for each of many templates.
  static let singleMatches: Rival = {
    var rival = Rival("as many single matches", peers: ["concord"], methods: [Server.oneByOne])
    rival.isOurs = true
    return rival
  }()

  static let standardizedProduct = Rival(
    "NumPy's product of standardized rows", peers: ["numpy"], methods: ["standardized"])
  static let correlationMatrix = Rival(
    "numpy.corrcoef", peers: ["numpy"], methods: ["corrcoef"])
  static let rowDistances = Rival(
    "SciPy's cdist", peers: ["scipy"], methods: ["cdist"])

  /// Whether an entry is one of them.
  func includes(_ entry: Entry) -> Bool {
    guard let name = entry.peer, entry.isOurs == isOurs else { return false }
    return (peers.isEmpty || peers.contains(name))
      && (methods.isEmpty || methods.contains { entry.algorithm.hasPrefix($0) })
  }
}

/// Something that a case has to show.
package struct Goal: Hashable, Sendable {
  package enum Demand: Hashable, Sendable {
    /// At least so many times as fast as the best of the rivals.
    case speed(Double, over: Rival)
    /// No more memory than the data and so many bytes.
    case memory(beyondData: Int)
    /// All threads are at least so many times as fast as one.
    case scaling(Double)
    /// The case and others take the same time, but for a part of it.
    case evenness(with: [String], within: Double)
  }

  package let demand: Demand
  /// The issue that sets it.
  package let issue: Int

  package init(_ demand: Demand, issue: Int) {
    self.demand = demand
    self.issue = issue
  }

  package var description: String {
    switch demand {
    case .speed(let factor, let rival): "\(factor.formatted()) × \(rival.name)"
    case .memory(let bytes): "data + \(bytes >> 20) MB"
    case .scaling(let factor): "\(factor.formatted()) × one thread"
    case .evenness(let others, let part):
      "within \(Int(part * 100)) % of \(others.joined(separator: ", "))"
    }
  }
}
