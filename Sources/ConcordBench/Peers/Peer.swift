package import Foundation

/// A library that is compared, and how its process is started.
package struct Peer: Sendable {
  package let name: String
  /// Whether it is Concord.
  package let isOurs: Bool
  /// What it can compute; nothing for those whose cases are yet to come.
  package let operations: Set<Problem.Operation>

  private init(
    _ name: String, isOurs: Bool = false, _ operations: Set<Problem.Operation> = []
  ) {
    self.name = name
    self.isOurs = isOurs
    self.operations = operations
  }

  private static let linear: Set<Problem.Operation> = [.convolve, .correlate, .gaussian]
  private static let rows: Set<Problem.Operation> = [.rowPearson, .ownRowPearson]

  /// Concord as it is.
  package static let concord = Peer("concord", isOurs: true, Set(Problem.Operation.allCases))

  /// All that are known, in the order of the reports.
  package static let all: [Peer] = [
    concord,
    Peer("concord-mkl", isOurs: true, Set(Problem.Operation.allCases)),
    Peer("scipy", linear.union([.boxMean, .squareDifference, .median, .rowPearson])),
    Peer("opencv", Set(Problem.Operation.allCases).subtracting(rows.union([.maskedCorrelation]))),
    Peer("skimage", [.match, .maskedCorrelation]),
    Peer("numpy", linear.union(rows)),
    Peer("pyfftw", linear.union([.match])),
    Peer("mkl", linear.union(rows).union([.match])),
    Peer("ducc0", linear.union([.match])),
    Peer("ipp", linear.union([.boxMean, .match, .median])),
    Peer("algotom"), Peer("ot"), Peer("openpiv"), Peer("imagehash"),
  ]

  /// Those that can take part in a problem.
  func serves(_ problem: Problem) -> Bool { operations.contains(problem.operation) }
}

/// How the processes of peers are started.
package struct PeerLauncher: Sendable {
  /// The Python that has the libraries.
  package var python: String
  /// The folder of the peers' programs.
  package var workers: String

  package init(python: String, workers: String) {
    self.python = python
    self.workers = workers
  }

  /// Starts a peer, whose errors go to a file in a folder.
  package func start(_ peer: Peer, errors folder: URL) throws -> PeerProcess {
    var environment = ProcessInfo.processInfo.environment
    let log = folder.appending(component: "\(peer.name).log")
    if !peer.isOurs {
      // Where the environment's packages keep libraries that look for one another.
      let libraries = [environmentLibraries.path, environment["LD_LIBRARY_PATH"]].compactMap { $0 }
      environment["LD_LIBRARY_PATH"] = libraries.joined(separator: ":")
      let worker = URL(filePath: workers).appending(component: "worker.py").path
      return try PeerProcess(
        peer.name, [python, worker, peer.name], environment: environment, errors: log)
    }
    if peer.name != Peer.concord.name {
      environment["LD_PRELOAD"] = try preloadedMKL()
    }
    let program = Bundle.main.executablePath ?? CommandLine.arguments[0]
    return try PeerProcess(peer.name, [program, "serve"], environment: environment, errors: log)
  }

  private var environmentLibraries: URL {
    URL(filePath: python).deletingLastPathComponent().deletingLastPathComponent()
      .appending(component: "lib")
  }

  /// MKL's single library, beside the Python that has it.
  private func preloadedMKL() throws -> String {
    let folder = environmentLibraries
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    guard let name = names.filter({ $0.hasPrefix("libmkl_rt.so") }).min() else {
      throw BenchError.peer(name: "concord-mkl", problem: "no libmkl_rt.so in \(folder.path)")
    }
    return folder.appending(component: name).path
  }
}
