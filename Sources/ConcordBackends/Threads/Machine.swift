import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The processor's model as a file name: letters, digits and dashes.
package let processorName: String = {
  let name = processorModel ?? "unknown-processor"
  let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
  return String(safe).split(separator: "-").joined(separator: "-")
}()

/// The processor's model as the system names it.
package let processorModel: String? = {
  #if os(Linux)
  guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return nil }
  let keys = ["model name", "cpu family", "model\t", "stepping", "CPU part"]
  let lines = text.split(separator: "\n").prefix { !$0.hasPrefix("power management") }
  let parts = keys.compactMap { key -> Substring? in
    lines.first { $0.hasPrefix(key) }?.split(separator: ":").last
  }
  return parts.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
  #else
  var size = 0
  guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0 else { return nil }
  var text = [UInt8](repeating: 0, count: size)
  guard sysctlbyname("machdep.cpu.brand_string", &text, &size, nil, 0) == 0 else { return nil }
  return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
  #endif
}()

/// Whether Intel's MKL is loaded, which then answers FFTW's and CBLAS's calls.
package let isMKLLoaded: Bool = {
  guard let program = dlopen(nil, RTLD_LAZY) else { return false }
  return dlsym(program, "MKL_Get_Version_String") != nil
}()

/// Tells MKL, where it is loaded in place of OpenBLAS, how many threads to use.
func setMKLThreads(_ count: Int32) {
  guard let program = dlopen(nil, RTLD_LAZY), let symbol = dlsym(program, "MKL_Set_Num_Threads")
  else { return }
  unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)(count)
}

/// The bytes of memory in this machine.
package let physicalMemory = Int(ProcessInfo.processInfo.physicalMemory)

/// Gives memory that was freed, and kept for later, back to the system.
package func releaseFreedMemory() {
  #if canImport(Glibc)
  guard let program = dlopen(nil, RTLD_LAZY), let symbol = dlsym(program, "malloc_trim") else {
    return
  }
  _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> Int32).self)(0)
  #endif
}

/// The most memory that this process has held so far, in bytes.
package func peakResidentBytes() -> Int {
  #if os(Linux)
  // What `getrusage` tells of a process began with the program that started it.
  if let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
    let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }
    )
  {
    return kibibytes * 1024
  }
  #endif
  var usage = rusage()
  #if canImport(Glibc)
  getrusage(RUSAGE_SELF.rawValue, &usage)
  // Linux counts in units of 1024 bytes.
  return usage.ru_maxrss * 1024
  #else
  getrusage(RUSAGE_SELF, &usage)
  return usage.ru_maxrss
  #endif
}
