import Concord

/// The cases, in the order in which they run, with the goals that the issues set.
package enum CaseCatalogue {
  package static let all =
    filters + large + correlations + windows + gaussians + signals + matches + manyTemplates + masks
    + rows

  /// Dense kernels over a 2048² image.
  private static let filters = [Precision.float, .double].flatMap { precision in
    [Boundary.zero, .reflect].flatMap { boundary in
      [3, 7, 11, 15, 31, 63, 127, 255].map { extent in
        var goals = [
          speed(extent <= 11 ? 2 : 4.5, .filter2D), speed(extent <= 63 ? 1.5 : 1.2, .best),
        ]
        if precision == .float && boundary == .zero { goals.append(scaling) }
        return dense(2048, extent, precision, boundary, goals)
      }
    }
  }

  private static let large = [8192, 10000].flatMap { size in
    [15, 63, 255].map { extent in
      let memory = Goal(.memory(beyondData: 64 << 20), issue: 3)
      return dense(
        size, extent, .float, .zero, [speed(2.5, .best), size == 10000 ? memory : scaling])
    }
  }

  private static func dense(
    _ size: Int, _ extent: Int, _ precision: Precision, _ boundary: Boundary, _ goals: [Goal]
  ) -> PeerCase {
    let bits = precision == .float ? "f32" : "f64"
    return PeerCase(
      "dense-\(size)-k\(extent)-\(bits)-\(boundary)",
      Problem(
        .correlate, image: [size, size], kernel: [extent, extent], precision: precision,
        boundary: boundary), goals)
  }

  private static let correlations = [512, 1024, 2048, 4096].map { size in
    var goals = [speed(1.8, .correlate), speed(1.2, .best)]
    if size >= 1024 { goals.append(scaling) }
    if size == 2048 { goals.append(speed(1, .correlate, issue: 2)) }
    return PeerCase(
      "full-correlation-\(size)",
      Problem(.correlate, image: [size, size], kernel: [size, size], mode: .full), goals)
  }

  private static let windows = boxMeans + squareDifferences + medians

  private static let boxMeans = [3, 15, 101].map { extent in
    var goals = [speed(extent == 3 ? 2 : 4, .openCV), scaling]
    if extent == 101 {
      let others = ["box-mean-4096-w3", "box-mean-4096-w15"]
      goals.append(Goal(.evenness(with: others, within: 0.2), issue: 3))
    }
    return PeerCase(
      "box-mean-4096-w\(extent)",
      Problem(.boxMean, image: [4096, 4096], kernel: [extent, extent], boundary: .reflect), goals)
  }

  private static let squareDifferences = [3, 15].map { extent in
    PeerCase(
      "square-difference-4096-w\(extent)",
      Problem(.squareDifference, image: [4096, 4096], kernel: [extent, extent]),
      [speed(4, .openCV)])
  }

  private static let medians = [3, 5].map { extent in
    PeerCase(
      "median-2048-w\(extent)",
      Problem(.median, image: [2048, 2048], kernel: [extent, extent], boundary: .replicate), [])
  }

  private static let gaussians = [1, 3, 10, 50].map { sigma in
    PeerCase(
      "gaussian-4096-s\(sigma)",
      Problem(gaussian: Double(sigma), image: [4096, 4096], boundary: .reflect),
      [sigma < 10 ? speed(1.5, .openCV) : speed(3, .best), scaling])
  }

  private static let signals =
    [16, 64, 256, 1024, 16384, 262_144].map { taps in
      PeerCase(
        "fir-1e7-t\(taps)", Problem(.convolve, image: [10_000_000], kernel: [taps]),
        [speed(6, .sciPy), speed(1.2, .best)])
    }
    + [
      PeerCase(
        "full-correlation-line-2-20",
        Problem(.correlate, image: [1 << 20], kernel: [1 << 20], mode: .full),
        [speed(6, .sciPy), speed(1.2, .best)])
    ]

  private static let matches =
    [
      PeerCase(
        "match-2048-t64",
        Problem(.match, image: [2048, 2048], kernel: [64, 64], mode: .valid),
        [speed(1, .openCV, issue: 2), speed(1, .scikitImage, issue: 2), scaling])
    ]
    + [[1080, 1920], [2160, 3840]].flatMap { scene in
      [32, 64, 128, 256, 512].map { extent in
        PeerCase(
          "match-\(scene[1])-t\(extent)",
          Problem(.match, image: scene, kernel: [extent, extent], mode: .valid),
          [
            speed(extent <= 128 ? 3.5 : 2.5, .openCV, issue: 5),
            speed(extent <= 128 ? 2 : 1.3, .best, issue: 5),
          ])
      }
    }

  private static let manyTemplates = [
    PeerCase(
      "match-1920-100-t64",
      Problem(matching: 100, templates: [64, 64], scene: [1080, 1920]),
      [speed(2, .singleMatches, issue: 5), speed(3.5, .openCV, issue: 5)])
  ]

  /// Frames with holes at all displacements, and a disc in a scene.
  private static let masks =
    [512, 1024].map { extent in
      PeerCase(
        "masked-correlation-\(extent)",
        Problem(
          .maskedCorrelation, image: [extent, extent], kernel: [extent, extent], mode: .full),
        [speed(4, .scikitImage, issue: 5)])
    }
    + [Problem.Operation.maskedMatch, .maskedCosine].flatMap { operation in
      [64, 256].map { extent in
        PeerCase(
          "\(operation.rawValue)-1024-t\(extent)",
          Problem(operation, image: [1024, 1024], kernel: [extent, extent], mode: .valid),
          [speed(2, .openCV, issue: 5)])
      }
    }

  /// Rows of expression values, as genes are compared; few rows for what only has loops.
  private static let rows =
    [Precision.float, .double].flatMap { precision in
      [Problem.Operation.ownRowPearson, .rowPearson].map { operation in
        PeerCase(
          "rows-2000-\(operation == .rowPearson ? "pairs" : "own")-"
            + (precision == .float ? "f32" : "f64"),
          Problem(
            operation, image: [2000, 10_000], kernel: [2000, 10_000], precision: precision,
            mode: .valid),
          [
            speed(1, .standardizedProduct, issue: 8), speed(1.8, .correlationMatrix, issue: 8),
          ])
      }
    }
    + [
      PeerCase(
        "rows-300-pairs-f64",
        Problem(
          .rowPearson, image: [300, 10_000], kernel: [300, 10_000], precision: .double, mode: .valid
        ),
        [speed(15, .rowDistances, issue: 8)])
    ]

  private static func speed(_ factor: Double, _ rival: Rival, issue: Int = 3) -> Goal {
    Goal(.speed(factor, over: rival), issue: issue)
  }

  private static let scaling = Goal(.scaling(1.7), issue: 3)
}
