import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Ends the process on an interrupt (Ctrl-C) or a request to terminate, after `cleanUp`.
///
/// The exit code is 128 plus the signal's number: 130 for an interrupt. The signals are waited for by
/// a thread of their own, so `cleanUp` may take locks and work goes on meanwhile. Call it once,
/// before any other thread exists: threads inherit the blocked signals.
package func endOnInterrupt(_ cleanUp: @escaping @Sendable () -> Void) {
  var signals = sigset_t()
  sigemptyset(&signals)
  for number in [SIGINT, SIGTERM] {
    // A parent may have had them ignored, which would keep them from being waited for.
    signal(number, SIG_DFL)
    sigaddset(&signals, number)
  }
  pthread_sigmask(SIG_BLOCK, &signals, nil)
  let waited = signals
  let thread = Thread {
    var waited = waited
    var number: Int32 = 0
    guard sigwait(&waited, &number) == 0 else { return }
    cleanUp()
    // Not exit(): destructors must not run while other threads work.
    _exit(128 + number)
  }
  thread.start()
}
