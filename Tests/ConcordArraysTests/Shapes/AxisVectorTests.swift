import ConcordArrays
import ConcordBackends
import Testing

@Suite("Shapes, positions and displacements")
struct AxisVectorTests {
  @Test("A shape counts, prints and compares its extents")
  func shape() {
    let shape: Shape<3> = [2, 3, 4]
    #expect(shape.count == 24)
    #expect(shape.description == "2 × 3 × 4")
    #expect(shape == Shape(planes: 2, rows: 3, columns: 4))
    #expect(shape != [2, 4, 3])
    #expect([shape.planes, shape.rows, shape.columns] == [2, 3, 4])
    #expect(Shape<1>(count: 7).components == [7])
    #expect(Shape<2>(rows: 0, columns: 5).count == 0)
    #expect(Set<Shape<2>>([[1, 2], [2, 1], [1, 2]]).count == 2)
  }

  @Test("A vector is made only of as many components as axes")
  func components() {
    #expect(Shape<2>(components: [4, 5]) == [4, 5])
    #expect(Shape<2>(components: [4]) == nil)
    #expect(Position<1>(components: [1, 2]) == nil)
    #expect(Displacement<2>(components: [0.5, -2])?.components == [0.5, -2])
  }

  @Test("A shape contains the positions from 0 to its last")
  func containment() {
    let shape: Shape<2> = [2, 3]
    #expect(shape.contains([0, 0]) && shape.contains([1, 2]))
    #expect(!shape.contains([2, 0]) && !shape.contains([0, 3]) && !shape.contains([-1, 0]))
  }

  @Test("Row-major indices and positions name the same elements")
  func rowMajor() {
    let shape: Shape<3> = [2, 3, 4]
    var position: Position<3> = [0, 0, 0]
    for index in 0..<shape.count {
      #expect(shape.position(ofIndex: index) == position)
      #expect(position[0] * 12 + position[1] * 4 + position[2] == index)
      position.advance(in: shape)
    }
    #expect(position == [0, 0, 0])
  }

  @Test("Missing outer axes have extent 1 in the kernels' eyes")
  func threeAxes() {
    #expect(Shape<1>(count: 5).threeAxes.description == "1 × 1 × 5")
    #expect(Shape<2>(rows: 3, columns: 4).threeAxes.description == "1 × 3 × 4")
    let shape: Shape<2> = [3, 4]
    #expect(Shape<2>(threeAxes: shape.threeAxes) == shape)
    let volume: Shape<3> = [2, 3, 4]
    #expect(Shape<3>(threeAxes: volume.threeAxes) == volume)
  }

  @Test("The difference of two positions is a displacement")
  func displacement() {
    let shift = Position(row: 5, column: 1) - Position(row: 2, column: 5)
    #expect(shift == [3, -4])
    #expect(shift.length == 5)
    #expect(shift.description == "(3.0, -4.0)")
    #expect(Position(row: 12, column: 40).description == "(12, 40)")
    var moved: Displacement<1> = [0.25]
    moved[0] += 1
    #expect(moved == [1.25])
  }
}
