import ConcordBackends
import ConcordTestSupport
import Foundation
import Testing

/// Wisdom is read once in a process, so that each test runs in a process of its own.
@Suite("FFTW's wisdom on disk", .enabled(if: !isMKLLoaded, "MKL keeps no wisdom"))
struct FFTWWisdomTests {
  @Test("Is kept in the folder that CONCORD_CACHE names, and read by the next process")
  func roundTrip() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    let start = ContinuousClock.now
    await #expect(processExitsWith: .success) { [path = path as String] in
      setenv("CONCORD_CACHE", path, 1)
      try planAndCheck(Float.self)
      try planAndCheck(Double.self)
    }
    let measured = ContinuousClock.now
    let files = try folder.files()
    #expect(files.count == 2, "\(files)")
    #expect(files.allSatisfy { $0.hasSuffix(".wisdom") }, "nothing temporary is left: \(files)")
    let second = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) { [path = path as String] in
      setenv("CONCORD_CACHE", path, 1)
      try planAndCheck(Float.self)
      try planAndCheck(Double.self)
    }
    // Measuring takes far longer than reading what was measured.
    let (first, again) = (start.duration(to: measured), measured.duration(to: .now))
    #expect(again * 2 < first)
    #expect(warnings(second) == 0)
  }

  @Test(
    "A damaged file is worth one warning; results are right, and the file is replaced",
    arguments: ["", "nonsense", "(fftw-3.3.10 fftwf_wisdom #x0 #x0 #x0 #x0)"])
  func damaged(text: String) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    for precision in ["float", "double"] {
      try text.write(
        toFile: path + "/fftw-\(precision)-\(processorName).wisdom", atomically: false,
        encoding: .utf8)
    }
    let old = try FileHandle(
      forReadingFrom: URL(filePath: path + "/fftw-float-\(processorName).wisdom"))
    let child = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) { [path = path as String] in
      setenv("CONCORD_CACHE", path, 1)
      try planAndCheck(Float.self)
      try planAndCheck(Double.self)
    }
    #expect(warnings(child) == 1)
    // A reader that had opened the old file still sees it whole: the new one took its name only.
    #expect(try old.readToEnd() ?? Data() == Data(text.utf8))
    let new = try String(
      contentsOfFile: path + "/fftw-float-\(processorName).wisdom", encoding: .utf8)
    #expect(new.contains("fftwf_wisdom") && new != text)
    #expect(try folder.files().count == 2)
  }

  @Test("A folder that can't be written is worth one warning")
  func unwritable() async throws {
    let folder = try TemporaryFolder()
    // Not even root can make a folder below a file.
    let path = folder.path + "/file"
    try "".write(toFile: path, atomically: false, encoding: .utf8)
    let child = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) { [path = path as String] in
      setenv("CONCORD_CACHE", path + "/below", 1)
      try planAndCheck(Float.self)
      try planAndCheck(Double.self)
    }
    #expect(warnings(child) == 1)
  }

  @Test("An empty CONCORD_CACHE keeps nothing and says nothing")
  func none() async throws {
    let child = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      setenv("CONCORD_CACHE", "", 1)
      #expect(FFTWWisdom.folder == nil)
      try planAndCheck(Float.self)
    }
    #expect(warnings(child) == 0)
  }

  private func warnings(_ result: ExitTest.Result?) -> Int {
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    return text.components(separatedBy: "concord: warning:").count - 1
  }
}

/// Measures a plan that takes long enough to be worth keeping, and checks a transform.
private func planAndCheck<Scalar: BackendScalar>(_ scalar: Scalar.Type) throws {
  let lengths = [48, 40]
  let plan = FFTWPlan<Scalar>(
    TransformDescription(.complexForward, lengths: lengths, effort: .patient))
  var random = SplitMix64(seed: 11)
  let input = random.numbers(2 * 48 * 40)
  var buffer = AlignedBuffer<Scalar>(input)
  plan.execute(inPlace: &buffer)
  let expected = ComplexValues(pairs: input).transformed(lengths: lengths, sign: -1).pairs
  #expect(relativeL2Error(buffer.values, expected) < bound(scalar))
}

/// A folder that goes with its owner.
private struct TemporaryFolder: ~Copyable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "concord-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path) }
}
