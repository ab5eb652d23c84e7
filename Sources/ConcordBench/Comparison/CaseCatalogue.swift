import Concord

/// The cases, in the order in which they run.
package enum CaseCatalogue {
  package static let all = filters + large + correlations + windows + gaussians + signals + matches

  /// Dense kernels over a 2048² image.
  private static let filters = [Precision.float, .double].flatMap { precision in
    [Boundary.zero, .reflect].flatMap { boundary in
      [3, 7, 11, 15, 31, 63, 127, 255].map { extent in
        dense(2048, extent, precision, boundary)
      }
    }
  }

  private static let large = [8192, 10000].flatMap { size in
    [15, 63, 255].map { dense(size, $0, .float, .zero) }
  }

  private static func dense(
    _ size: Int, _ extent: Int, _ precision: Precision, _ boundary: Boundary
  ) -> PeerCase {
    let bits = precision == .float ? "f32" : "f64"
    return PeerCase(
      "dense-\(size)-k\(extent)-\(bits)-\(boundary)",
      Problem(
        .correlate, image: [size, size], kernel: [extent, extent], precision: precision,
        boundary: boundary))
  }

  private static let correlations = [512, 1024, 2048, 4096].map { size in
    PeerCase(
      "full-correlation-\(size)",
      Problem(.correlate, image: [size, size], kernel: [size, size], mode: .full))
  }

  private static let windows =
    [3, 15, 101].map { extent in
      PeerCase(
        "box-mean-4096-w\(extent)",
        Problem(
          .boxMean, image: [4096, 4096], kernel: [extent, extent], boundary: .reflect))
    }
    + [3, 15].map { extent in
      PeerCase(
        "square-difference-4096-w\(extent)",
        Problem(.squareDifference, image: [4096, 4096], kernel: [extent, extent]))
    }
    + [3, 5].map { extent in
      PeerCase(
        "median-2048-w\(extent)",
        Problem(
          .median, image: [2048, 2048], kernel: [extent, extent], boundary: .replicate))
    }

  private static let gaussians = [1, 3, 10, 50].map { sigma in
    PeerCase(
      "gaussian-4096-s\(sigma)",
      Problem(gaussian: Double(sigma), image: [4096, 4096], boundary: .reflect))
  }

  private static let signals =
    [16, 64, 256, 1024, 16384, 262_144].map { taps in
      PeerCase(
        "fir-1e7-t\(taps)", Problem(.convolve, image: [10_000_000], kernel: [taps]))
    }
    + [
      PeerCase(
        "full-correlation-line-2-20",
        Problem(.correlate, image: [1 << 20], kernel: [1 << 20], mode: .full))
    ]

  private static let matches = [
    PeerCase(
      "match-2048-t64",
      Problem(.match, image: [2048, 2048], kernel: [64, 64], mode: .valid))
  ]
}
