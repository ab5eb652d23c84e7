package import Foundation
import Synchronization

/// What FFTW has learnt about this machine, kept in the user's cache folder between runs.
///
/// A file that is damaged or can't be written is worth one warning and nothing more: plans are
/// then measured anew. Set `CONCORD_CACHE` to another folder, or to nothing to keep no wisdom.
package enum FFTWWisdom {
  private struct State {
    var loaded: Set<Int> = []
    var warned = false
  }

  private static let state = Mutex(State())

  /// Planning faster than this teaches nothing that is worth a write.
  private static let worthKeeping = Duration.milliseconds(5)

  /// Reads the file for a precision, the first time it is asked to.
  static func loadOnce<Scalar: BackendScalar>(_ scalar: Scalar.Type) {
    // Whoever plans meanwhile waits: it would measure what is being read.
    let problem: String? = state.withLock { state in
      guard state.loaded.insert(MemoryLayout<Scalar>.size).inserted else { return nil }
      return load(scalar)
    }
    if let problem { warn(problem) }
  }

  /// Reads the file, if there is one; what is wrong with it otherwise.
  private static func load<Scalar: BackendScalar>(_ scalar: Scalar.Type) -> String? {
    guard let file = file(for: scalar), FileManager.default.fileExists(atPath: file.path) else {
      return nil
    }
    guard let text = try? String(contentsOf: file, encoding: .utf8),
      FFTWPlan<Scalar>.importWisdom(text)
    else { return "FFTW's wisdom in \(file.path) can't be used; plans are measured anew" }
    return nil
  }

  /// Writes what FFTW knows after a plan that took long to make.
  static func planned<Scalar: BackendScalar>(_ scalar: Scalar.Type, in time: Duration) {
    guard time > worthKeeping, let file = file(for: scalar) else { return }
    // What another process has learnt since is kept as well.
    if let text = try? String(contentsOf: file, encoding: .utf8) {
      _ = FFTWPlan<Scalar>.importWisdom(text)
    }
    guard let text = FFTWPlan<Scalar>.exportWisdom() else { return }
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      // Written beside and renamed: a reader sees the old wisdom or the new, never half.
      try Data(text.utf8).write(to: file, options: .atomic)
    } catch {
      let answer = (error as? CocoaError)?.underlying as? POSIXError
      let cause = answer.map { systemAnswer($0.code.rawValue) } ?? error.localizedDescription
      warn("FFTW's wisdom can't be kept in \(file.path): \(cause)")
    }
  }

  /// The folder for measured facts; nil where none is wanted or another library plans.
  package static var folder: URL? {
    let environment = ProcessInfo.processInfo.environment
    if let chosen = environment["CONCORD_CACHE"] {
      return chosen.isEmpty ? nil : URL(filePath: chosen)
    }
    return FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask).first?
      .appending(component: "concord")
  }

  private static func file<Scalar: BackendScalar>(for scalar: Scalar.Type) -> URL? {
    // MKL answers FFTW's calls but has no wisdom to keep.
    guard !isMKLLoaded else { return nil }
    let precision = MemoryLayout<Scalar>.size == 4 ? "float" : "double"
    return folder?.appending(component: "fftw-\(precision)-\(processorName).wisdom")
  }

  private static func warn(_ text: String) {
    let isFirst = state.withLock { state in
      defer { state.warned = true }
      return !state.warned
    }
    guard isFirst else { return }
    Warnings.send(text)
  }
}
