import ConcordBackends
import Foundation
import Testing

/// The instruction set is chosen once in a process, so that each runs in a process of its own.
@Suite("Every instruction set")
struct InstructionSetTests {
  @Test("Gives right sums, spectra and moments", arguments: ["baseline", "avx2", "avx512"])
  func kernels(name: String) async {
    await #expect(processExitsWith: .success) { [name = name as String] in
      setenv("CONCORD_INSTRUCTION_SET", name, 1)
      #if arch(x86_64)
      // A processor that lacks one falls back to the next narrower.
      let narrower = ["baseline", "avx2", "avx512"].prefix { $0 != name } + [name]
      #expect(narrower.contains(instructionSet))
      if name == "baseline" { #expect(instructionSet == "baseline") }
      #endif
      TileCheck.run(Float.self)
      TileCheck.run(Double.self)
      SeparableCheck.run(Float.self)
      SeparableCheck.run(Double.self)
      WindowCheck.run(Float.self)
      WindowCheck.run(Double.self)
      ElementCheck.run(Float.self)
      ElementCheck.run(Double.self)
      try SpectralTransformTests.checkAll()
    }
  }

  @Test("Has a name")
  func names() {
    #expect(["baseline", "avx2", "avx512", "neon"].contains(instructionSet))
  }
}
