#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The names and versions of the libraries behind the transforms and the matrix products.
package enum LibraryVersions {
  /// What answers FFTW's calls, such as "fftw-3.3.10-sse2-avx".
  package static var transforms: String {
    // A text, not a function: looked up by name, because Swift sees no array of unknown length.
    guard !isMKLLoaded, let program = dlopen(nil, RTLD_LAZY),
      let text = dlsym(program, "fftwf_version")
    else { return mkl ?? "FFTW" }
    return String(cString: text.assumingMemoryBound(to: CChar.self))
  }

  /// What answers CBLAS's calls, such as "OpenBLAS 0.3.21 … Zen".
  package static var matrixProducts: String {
    guard !isMKLLoaded, let program = dlopen(nil, RTLD_LAZY),
      let symbol = dlsym(program, "openblas_get_config")
    else { return mkl ?? "CBLAS" }
    let config = unsafeBitCast(
      symbol, to: (@convention(c) () -> UnsafePointer<CChar>?).self)
    return config().map { String(cString: $0) } ?? "OpenBLAS"
  }

  /// Intel's version text, where oneMKL is loaded.
  private static var mkl: String? {
    guard let program = dlopen(nil, RTLD_LAZY),
      let symbol = dlsym(program, "MKL_Get_Version_String")
    else { return nil }
    let version = unsafeBitCast(
      symbol, to: (@convention(c) (UnsafeMutablePointer<CChar>, Int32) -> Void).self)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
      text.initialize(repeating: 0)
      guard let base = text.baseAddress else { return nil }
      version(base, 256)
      return String(cString: base).split(separator: " ").joined(separator: " ")
    }
  }
}
