import Concord

/// Finds in which direction the lines of an image run, by a bank of Gabor kernels.
@main
struct FindOrientation {
  static func main() throws {
    // Lines 8 pixels apart: across rows on the left, along rows on the right.
    let image = Image<Float>(shape: [128, 160]) { position in
      let across = position.column < 80 ? position.column : position.row
      return across % 8 < 4 ? 1 : 0
    }
    let kernels = try Image<Float>.gaborBank(sigma: 3, orientations: 4, wavelength: 8)
    let bank = try FilterBank(
      image: image.shape, kernels: kernels, .correlation,
      options: ConvolutionOptions(mode: .same, boundary: .reflect))
    print(bank)
    let left = try strongest(bank, image, 20..<60)
    let right = try strongest(bank, image, 100..<140)
    print("on the left: kernel \(left), on the right: kernel \(right)")
    precondition(left == 0 && right == 2)

    // The same kernels for an image of another shape.
    let half = try image.view(0..<64, 0..<80).copied()
    let again = try strongest(bank.resized(for: half.shape), half, 20..<60)
    precondition(again == left)
  }

  /// The kernel with the largest response in the middle rows of some columns.
  static func strongest(
    _ bank: FilterBank<2, Float>, _ image: Image<Float>, _ columns: Range<Int>
  ) throws -> Int {
    let energies = try bank(image).map { response in
      let part = try response.view(20..<44, columns).copied()
      return try (part * part).mean
    }
    return energies.indices.max { energies[$0] < energies[$1] } ?? 0
  }
}
