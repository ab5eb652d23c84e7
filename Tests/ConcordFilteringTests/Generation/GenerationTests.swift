import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import RealModule
import Testing

struct GenerationTests {
  @Test func noiseIsTheSameEverywhere() throws {
    let noise: Image<Double> = try LatticeNoise(seed: 1).image([2, 2])
    let again: Image<Double> = try LatticeNoise(seed: 1).image([2, 2])
    let other: Image<Double> = try LatticeNoise(seed: 2).image([2, 2])
    #expect(noise == again)
    #expect(noise != other)
    #expect(Set(noise.elements).count == 4)
    #expect(noise.elements.allSatisfy { (0..<1).contains($0) })
  }

  @Test func noiseIsUniform() throws {
    let noise: Image<Double> = try LatticeNoise(seed: 5).image([200, 200])
    let variance = try (noise * noise).mean - noise.mean * noise.mean
    #expect(abs(noise.mean - 0.5) < 0.01)
    #expect(abs(variance - 1.0 / 12) < 0.003)
  }

  @Test func wholeShiftsMoveThePixels() throws {
    let shift = Displacement<2> { [3, -2][$0] }
    try expectMoved(
      LatticeNoise(seed: 3).image([20, 20]),
      LatticeNoise(seed: 3).image([20, 20], shift: Position(row: 3, column: -2)))
    try expectMoved(
      Speckle(seed: 3).image([20, 20]), Speckle(seed: 3).image([20, 20], shift: shift))
    try expectMoved(Blobs(seed: 3).image([20, 20]), Blobs(seed: 3).image([20, 20], shift: shift))
  }

  private func expectMoved(_ still: Image<Double>, _ moved: Image<Double>) throws {
    let from = try still.view(0..<17, 2..<20).elements
    let to = try moved.view(3..<20, 0..<18).elements
    #expect(relativeL2Error(to, from) < 1e-13)
    #expect(Set(from.prefix(50)).count > 10)
  }

  /// The field is band-limited, so half a pixel twice is a pixel: the shift is no interpolation.
  @Test func fractionsOfPixelsAreExact() throws {
    let speckle = Speckle(sigma: 1.5, seed: 9)
    let x: Signal<Double> = try speckle.image([40])
    let y: Signal<Double> = try speckle.image([40], shift: Displacement { _ in 0.25 })
    // By definition: f(p - 0.25) = Σ aₙ g(p - 0.25 - n), with the lattice's numbers made again.
    let lattice: Signal<Double> = try LatticeNoise(seed: 9).image(
      [80], shift: Position { _ in 20 })
    let scale = 0.15 * 12.0.squareRoot() / (1.5 * Double.pi.squareRoot()).squareRoot()
    for p in 0..<40 {
      var still = 0.5
      var moved = 0.5
      for n in -20..<60 {
        let a = scale * (lattice[n + 20] - 0.5)
        still += a * gaussian(Double(p - n), sigma: 1.5)
        moved += a * gaussian(Double(p - n) - 0.25, sigma: 1.5)
      }
      #expect(abs(x[p] - still) < 1e-12)
      #expect(abs(y[p] - moved) < 1e-12)
    }
  }

  private func gaussian(_ x: Double, sigma: Double) -> Double {
    Double.exp(-0.5 * x * x / (sigma * sigma))
  }

  @Test func speckleHasItsMeanAndDeviation() throws {
    let speckle: Volume<Float> = try Speckle(sigma: 1, seed: 4).image([30, 60, 60])
    let mean = speckle.mean
    let deviation = try ((speckle * speckle).mean - mean * mean).squareRoot()
    #expect(abs(mean - 0.5) < 0.01)
    #expect(abs(deviation - 0.15) < 0.01)
  }

  @Test func blobsAreGaussian() throws {
    let blobs = Blobs(sigma: 2, spacing: 40, seed: 1)
    let image: Image<Double> = try blobs.image([80, 80])
    let peak = try #require(image.positionOfLargest)
    let half: Image<Double> = try blobs.image([80, 80], shift: Displacement { [0.5, 0][$0] })
    #expect(image[peak] > 0.45 && image[peak] <= 1)
    #expect(abs(half[peak] - image[peak]) > 1e-6)
    #expect(image.elements.count { $0 > 1e-3 } < 80 * 80 / 2)
  }

  @Test func plantedTemplateStandsWhereItIsSaid() throws {
    var planted = PlantedScene(template: [6, 7])
    planted.gain = 2
    planted.offset = 100
    planted.seed = 8
    let made: PlantedScene.Result<Double> = try planted.made([40, 50])
    let (row, column) = (made.position.row, made.position.column)
    let window = try made.scene.view(row..<(row + 6), column..<(column + 7)).copied()
    #expect(relativeL2Error((window - 100) / 2, made.template) < 1e-12)
    planted.position = Position(row: 34, column: 43)
    let placed: PlantedScene.Result<Double> = try planted.made([40, 50])
    #expect(placed.position == Position(row: 34, column: 43))
  }

  @Test func noiseOfASceneHasItsDeviation() throws {
    var planted = PlantedScene(template: [2, 2])
    let still: PlantedScene.Result<Double> = try planted.made([100, 100])
    planted.noise = 0.2
    let noisy: PlantedScene.Result<Double> = try planted.made([100, 100])
    let noise = try noisy.scene - still.scene
    let deviation = try (noise * noise).mean.squareRoot()
    #expect(abs(deviation - 0.2) < 0.01)
    #expect(abs(noise.mean) < 0.01)
  }

  @Test func refusesWhatHasNoMeaning() {
    func image(_ make: () throws -> Image<Float>) {
      #expect(throws: ConcordError.self) { try make() }
    }
    image { try Speckle(sigma: 0).image([3, 3]) }
    image { try Speckle(sigma: .nan).image([3, 3]) }
    image { try Speckle().image([3, 0]) }
    image { try Speckle().image([3, 3], shift: Displacement { _ in .infinity }) }
    image { try Blobs(spacing: 0).image([3, 3]) }
    image { try Blobs(sigma: -1).image([3, 3]) }
    image { try Blobs().image([0, 3]) }
    image { try LatticeNoise().image([0, 3]) }
    var planted = PlantedScene(template: [9, 9])
    image { try planted.made([3, 3]).scene }
    planted.template = [2, 2]
    planted.position = Position(row: 2, column: 2)
    image { try planted.made([3, 3]).scene }
    planted.position = nil
    planted.gain = 0
    image { try planted.made([3, 3]).scene }
  }
}
