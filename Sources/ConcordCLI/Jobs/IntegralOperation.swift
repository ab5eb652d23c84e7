import Concord

/// The sums of all boxes that begin at the origin.
struct IntegralOperation: ImageOperation {
  let threads: Int?

  func prepare<let rank: Int, S: RealScalar & CommandElement>(
    for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, S> {
    PreparedOperation(algorithm: "direct") { (images) throws(ConcordError) in
      let image = Grid(images[0])
      return OutputDefinition(real: { position in
        let ends = zip(Grid.threeAxes(position, filler: 1), image.extents).map { min($0, $1) }
        var sum = 0.0
        for plane in 0..<ends[0] {
          for row in 0..<ends[1] {
            for column in 0..<ends[2] { sum += image[plane, row, column].rawStorage.x }
          }
        }
        return sum
      })
    } apply: { (images) throws(ConcordError) in
      try images[0].integralImage(threads: threads).sums.converted(to: S.self)
    }
  }
}
