import ConcordBackends
import ConcordTestSupport
import Testing

@Suite("Tiles that threads share")
struct SharedTileTests {
  @Test(
    "Come out with the bits that one thread makes of them, lines and images, whatever is in them")
  func bits() {
    let line = OverlapTiles(
      lengths: Extents(1, 192, 256), kernel: Extents(1, 1, 20_000), output: Extents(1, 1, 29_153))
    #expect(line.isLine && line.count == 1)
    let image = OverlapTiles(
      lengths: Extents(1, 160, 240), kernel: Extents(1, 61, 77), output: Extents(1, 97, 151))
    #expect(image.count == 1)
    let pair = OverlapTiles(
      lengths: Extents(1, 160, 240), kernel: Extents(1, 61, 77), output: Extents(1, 130, 151))
    #expect(pair.count == 2)
    for tiles in [line, image, pair] {
      #expect(tiles.areShared(tasks: 1, threads: 2))
      check(tiles, as: Float.self)
      check(tiles, as: Double.self)
    }
  }

  @Test("Are none where there are tiles for all, or small ones")
  func unshared() {
    let small = OverlapTiles(
      lengths: Extents(1, 64, 64), kernel: Extents(1, 5, 5), output: Extents(1, 60, 60))
    #expect(!small.areShared(tasks: 1, threads: 2))
    let many = OverlapTiles(
      lengths: Extents(1, 256, 256), kernel: Extents(1, 5, 5), output: Extents(1, 900, 900))
    #expect(!many.areShared(tasks: 2, threads: 3))
    #expect(many.areShared(tasks: 2, threads: 4))
  }

  private func check<Scalar: BackendScalar>(_ tiles: OverlapTiles, as scalar: Scalar.Type) {
    let extents = tiles.output
    let offset = Extents { -(tiles.kernel[$0] / 2) }
    let weights = SharedBuffer(noise(tiles.kernel.count, seed: 2, as: scalar))
    let transform = TileTransform<Scalar>(tiles: tiles)
    let spectrum = transform.spectrum(of: Samples(real: weights))
    for hole in [false, true] {
      var pixels = noise(extents.count, seed: 1, as: scalar)
      if hole { pixels[extents.count / 2] = .nan }
      for complex in [false, true] {
        let image = Samples(
          real: SharedBuffer(pixels),
          imaginary: complex ? SharedBuffer(noise(extents.count, seed: 3, as: scalar)) : nil)
        let results = [1, 2, 3, 8].map { threads in
          var out = Samples(
            real: SharedBuffer<Scalar>(dirty: extents.count),
            imaginary: complex ? SharedBuffer<Scalar>(dirty: extents.count) : nil)
          let isFinite = transform.correlate(
            image, extents: extents, offset: offset, edges: Extension(.reflect), with: spectrum,
            threads: threads, into: &out)
          #expect(isFinite == !hole)
          return [out.real, out.imaginary].compactMap { part in
            part.map { part in (0..<part.count).map { part[$0] } }
          }
        }
        #expect(results.allSatisfy { $0 == results[0] })
        #expect(results[0].allSatisfy { $0.allSatisfy { $0.isFinite } })
      }
    }
  }

  private func noise<Scalar: BackendScalar>(
    _ count: Int, seed: UInt64, as scalar: Scalar.Type
  ) -> [Scalar] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in Scalar(Double.random(in: -1...1, using: &generator)) }
  }
}
