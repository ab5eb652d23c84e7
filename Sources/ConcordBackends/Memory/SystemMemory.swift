import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Bytes of a large page, and the size from which memory is laid out in them.
private let largePage = 2 << 20

/// Aligned memory as the system gives it.
package enum SystemMemory {
  private static let count = Atomic<Int>(0)

  /// How many blocks this process has asked for, which tests and measurements look at.
  package static var allocations: Int { count.load(ordering: .relaxed) }

  /// Large blocks ask for large pages: columns of an image touch a page each, and with small ones
  /// the processor spends its time on looking up addresses and the system on handing out pages.
  static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    count.wrappingAdd(1, ordering: .relaxed)
    var memory: UnsafeMutableRawPointer?
    let isLarge = bytes >= 2 * largePage
    let failure = posix_memalign(&memory, isLarge ? largePage : memoryAlignment, bytes)
    guard failure == 0, let memory else {
      preconditionFailure("Out of memory: \(bytes) bytes were asked for")
    }
    #if os(Linux)
    // A wish that the system may refuse, which changes nothing but speed.
    if isLarge { _ = madvise(memory, bytes / largePage * largePage, MADV_HUGEPAGE) }
    #endif
    return memory
  }
}
