#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the operating system's error number means, as a short clause that fits after a file's name.
package func systemAnswer(_ code: Int32) -> String {
  switch code {
  case ENOENT: "no such file or folder"
  case EACCES, EPERM: "permission denied"
  case EISDIR: "expected a file, found a folder"
  case ENOTDIR: "expected a folder on the way, found a file"
  case EEXIST: "expected a folder, found a file"
  case ENOSPC: "no space left on the disk"
  case EDQUOT: "no space left in the user's share of the disk"
  case EROFS: "the disk is read-only"
  case ENAMETOOLONG: "the name is too long"
  case ELOOP: "the symbolic links run in circles"
  case EIO: "the disk reports an input or output error"
  case EPIPE: "its reader has gone"
  case EBADF: "it is closed"
  default: "the system reports error \(code)"
  }
}
