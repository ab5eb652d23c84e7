import ConcordArrays
import ConcordMediaBackends

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes a finished file beside its place and renames it, so that no half file is ever seen.
func writeAtomically(_ bytes: [UInt8], to path: String) throws(ConcordError) {
  guard !path.isEmpty else {
    throw .file(path: "\"\"", problem: "expected a file name, found none")
  }
  do {
    try Data(bytes).write(to: URL(filePath: path), options: .atomic)
  } catch {
    throw .file(path: path, problem: "cannot be written: \(reason(error))")
  }
}

private func reason(_ error: any Error) -> String {
  guard let error = error as? CocoaError else { return "\(error)" }
  switch error.code {
  case .fileNoSuchFile, .fileReadNoSuchFile: return "there is no such folder"
  case .fileWriteNoPermission: return "no permission"
  case .fileWriteOutOfSpace: return "no space left"
  case .fileWriteVolumeReadOnly: return "the volume is read-only"
  default: return "\(error)"
  }
}

extension ConcordError {
  /// Cairo's failures in the package's own terms.
  init(_ error: CanvasError) {
    self = .algorithmCannotServe(algorithm: "cairo", why: error.description)
  }
}

/// Runs drawing code and translates its failure.
func drawing<Result: ~Copyable>(
  _ draw: () throws(CanvasError) -> Result
) throws(ConcordError) -> Result {
  do { return try draw() } catch { throw ConcordError(error) }
}
