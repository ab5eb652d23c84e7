#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The streams that a process is given to write text to.
package enum StandardStream: Sendable {
  case output, error

  private var descriptor: Int32 { self == .output ? STDOUT_FILENO : STDERR_FILENO }

  /// Writes text as it is; nil, or what the system says where it can't.
  ///
  /// `FileHandle` would end the process instead.
  package func write(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var done = 0
      while done < bytes.count {
        #if canImport(Glibc)
        let part = Glibc.write(descriptor, base + done, bytes.count - done)
        #else
        let part = Darwin.write(descriptor, base + done, bytes.count - done)
        #endif
        if part >= 0 {
          done += part
        } else if errno == EAGAIN {
          // Another process has made a stream that it shares with this one non-blocking.
          var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&wait, 1, -1)
        } else if errno != EINTR {
          return systemAnswer(errno)
        }
      }
      return nil
    }
  }

  /// Makes every failure to write one that is told, in place of a signal or a mixed-up file.
  ///
  /// Call it once, before any file is opened.
  package static func expectFailures() {
    signal(SIGPIPE, SIG_IGN)
    // A closed stream's number would go to the next file that is opened, and take what is said.
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      // Opened the wrong way round, so that using it still fails.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
