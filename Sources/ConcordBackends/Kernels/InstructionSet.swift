internal import ConcordKernels
import Foundation

/// The instruction set that the kernels use on this machine.
package var instructionSet: String {
  concord_instruction_set().map { String(cString: $0) } ?? "unknown"
}

/// Warns of a `CONCORD_INSTRUCTION_SET` that names nothing, and which the kernels ignore.
package func warnOfUnknownInstructionSet() {
  let known = ["baseline", "avx2", "avx512"]
  let wish = ProcessInfo.processInfo.environment["CONCORD_INSTRUCTION_SET"] ?? ""
  guard !wish.isEmpty, !known.contains(wish) else { return }
  Warnings.send(
    "CONCORD_INSTRUCTION_SET: expected \(known.joined(separator: ", ")), found '\(wish)'")
}
