package import Concord
import ConcordFiles
package import Foundation

/// The arrays of a problem.
///
/// A signal is an image of one row here.
package struct ProblemInputs<Scalar: RealScalar> {
  package let image: Image<Scalar>
  /// The kernel, the template, the second image or matrix; one zero where the problem has none.
  package let other: Image<Scalar>

  package init(image: Image<Scalar>, other: Image<Scalar>) {
    self.image = image
    self.other = other
  }

  /// Random numbers, the same ones for the same problem.
  ///
  /// A template is cut out of the scene.
  package init(_ problem: Problem) throws {
    let extents = Self.twoAxes(problem.image)
    let kernel = Self.twoAxes(problem.kernel)
    image = randomImage(extents.rows, extents.columns, seed: 1)
    switch problem.operation {
    case .convolve, .correlate, .rowPearson:
      other = randomImage(kernel.rows, kernel.columns, seed: 2)
    case .matchMany:
      // One below the other.
      other = randomImage((problem.count ?? 1) * kernel.rows, kernel.columns, seed: 2)
    case .squareDifference:
      other = randomImage(extents.rows, extents.columns, seed: 2)
    case .maskedCorrelation:
      // The same frame, moved by a ninth and by a thirteenth.
      let frame = image
      other = Image(shape: frame.shape) {
        frame[
          ($0.row + frame.rows / 9) % frame.rows,
          ($0.column + frame.columns / 13) % frame.columns]
      }
    case .match, .maskedMatch, .maskedCosine:
      let row = (extents.rows - kernel.rows) / 3
      let column = (extents.columns - kernel.columns) / 2
      other = try image.view(
        row..<(row + kernel.rows), column..<(column + kernel.columns)
      ).copied()
    case .gaussian, .boxMean, .median, .ownRowPearson:
      other = Image(shape: [1, 1]) { _ in 0 }
    }
  }

  static func twoAxes(_ extents: [Int]) -> (rows: Int, columns: Int) {
    extents.count == 1 ? (1, extents[0]) : (extents[0], extents[1])
  }

  /// Writes both to a folder, with as many axes as the problem has.
  package func write(to folder: URL, axes: Int) throws -> [String] {
    try zip([image, other], ["image.npy", "other.npy"]).map { array, name in
      let path = folder.appending(component: name).path
      if axes == 1 {
        let signal: Signal<Scalar> = try array.reshaped(to: [array.count])
        try ArrayFile.write(signal, to: path)
      } else {
        try ArrayFile.write(array, to: path)
      }
      return path
    }
  }
}

/// Reads an array that a contender left, as an image.
package func readImage<Scalar: RealScalar>(
  _ path: String, as scalar: Scalar.Type
) throws -> Image<Scalar> {
  let file = try FileArray.read(path)
  if file.shape.count == 1 {
    let signal: Signal<Scalar> = try file.array()
    return try signal.reshaped(to: [1, signal.count])
  }
  return try file.array()
}
