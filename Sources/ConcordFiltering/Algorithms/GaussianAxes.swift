import ConcordArrays
import ConcordBackends
import RealModule

/// What a Gaussian filter does along each axis.
struct GaussianAxes {
  let image: [Int]
  let sigma: [Double]
  let order: [Int]

  /// Lists of one element stand for all axes.
  init(image: [Int], sigma: [Double], order: [Int]) throws(ConcordError) {
    for list in [sigma.count, order.count] where list != image.count && list != 1 {
      throw .elementCount(expected: image.count, found: list)
    }
    self.image = image
    self.sigma = image.indices.map { sigma.count == 1 ? sigma[0] : sigma[$0] }
    self.order = image.indices.map { order.count == 1 ? order[0] : order[$0] }
  }

  /// How many axes are smoothed.
  var count: Int { sigma.count { $0 > 0 } }

  /// The taps of each axis; a single one where it is left as it is.
  func taps<Scalar: RealScalar>(truncate: Double) throws(ConcordError) -> [Signal<Scalar>] {
    var taps: [Signal<Scalar>] = []
    for axis in image.indices {
      taps.append(try .gaussianTaps(sigma: sigma[axis], truncate: truncate, order: order[axis]))
    }
    return taps
  }

  /// The taps of each axis that reach so many elements; a list of one radius stands for all axes.
  func taps<Scalar: RealScalar>(radius: [Int]) throws(ConcordError) -> [Signal<Scalar>] {
    guard radius.count == 1 || radius.count == image.count else {
      throw .elementCount(expected: image.count, found: radius.count)
    }
    var taps: [Signal<Scalar>] = []
    for axis in image.indices {
      let reach = radius.count == 1 ? radius[0] : radius[axis]
      taps.append(try .gaussianTaps(sigma: sigma[axis], radius: reach, order: order[axis]))
    }
    return taps
  }

  /// How many sigma taps have to reach for the rest of every axis to be within its part of a
  /// tolerance, which what is cut off costs twice: it is missing, and the others are scaled up.
  func reach(tolerance: Double) throws(ConcordError) -> Double {
    guard tolerance > 0, tolerance < 1 else {
      throw .outOfRange(what: "tolerance", found: tolerance, allowed: "above 0 and below 1")
    }
    let part = tolerance / Double(max(1, count))
    var reach = 1.0
    while 2 * Double.erfc(reach / 2.0.squareRoot()) > part, reach < 12 { reach += 1 / 16 }
    // The polynomial of a derivative makes its tails heavier.
    return reach + 0.35 * Double(order.max() ?? 0)
  }

  /// Whether axes have to be filtered one by one: a constant beyond the edges is taken anew for each
  /// axis, as SciPy does, and to a derivative that is not the same as to extend the image once.
  func needsPassPerAxis(_ boundary: Boundary) -> Bool {
    boundary.isConstant && boundary != .zero && order.contains { $0 > 0 }
  }

  /// The seconds that the correlation with taps is predicted to take with all processors at work; nil
  /// if the options don't allow any way to compute it.
  ///
  /// A lower rate gives other results, so what it is compared by must not depend on the threads asked for.
  func estimate(
    taps: [Int], _ options: ConvolutionOptions, isDouble: Bool
  ) throws(ConcordError) -> Double? {
    let problem = ConvolutionProblem(
      geometry: try ConvolutionGeometry(
        image: image, kernel: taps, operation: .correlation, options: options),
      isDouble: isDouble, separableTerms: 1, threads: availableProcessors)
    return try? ConvolutionPlanner.choose(for: problem, options: options).seconds
  }
}
