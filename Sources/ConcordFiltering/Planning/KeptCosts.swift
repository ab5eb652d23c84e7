import ConcordBackends
package import Foundation

/// The costs that `concord tune` measured on this machine, kept in the user's cache folder.
package enum KeptCosts {
  /// The file's name for this processor, instruction set and transform library.
  package static var fileName: String {
    "costs-\(processorName)-\(instructionSet)\(isMKLLoaded ? "-mkl" : "").json"
  }

  /// The file; nil where none is wanted.
  package static var file: URL? { FFTWWisdom.folder?.appending(component: fileName) }

  /// What was kept, or nil; a file that can't be used is worth a warning.
  package static func load() -> CostModel? {
    guard let file, FileManager.default.fileExists(atPath: file.path) else { return nil }
    guard let data = try? Data(contentsOf: file),
      let costs = try? JSONDecoder().decode(CostModel.self, from: data), costs.isUsable
    else {
      Warnings.send("the costs in \(file.path) can't be used; 'concord tune' measures them anew")
      return nil
    }
    return costs
  }

  /// Writes costs beside the file and renames them: a reader sees the old or the new, never half.
  package static func save(_ costs: CostModel) throws {
    guard let file else { return }
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(costs).write(to: file, options: .atomic)
  }
}
