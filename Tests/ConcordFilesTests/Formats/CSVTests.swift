import ConcordArrays
import ConcordFiles
import Testing

@Suite struct CSVTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func table(_ text: String) throws -> Image<Double> {
    try FileArray.read(try folder.put(Array(text.utf8), as: "a.csv")).array()
  }

  @Test(arguments: [
    "1,2,3\n4,5,6\n", "1;2;3\n4;5;6", "1\t2\t3\r\n4\t5\t6\r\n", "1 2  3\n 4 5 6 \n",
    "# made today\n\n1, 2, 3\n\n4, 5, 6\n\n", "\u{FEFF}a,b,c\n1,2,3\n4,5,6",
    "\"x\",\"y\",\"z\"\n\"1\",\"2\",\"3\"\n4,5,6", "1,0;2,0;3,0\n4;5;6", "a b c\n1,2,3\n4,5,6",
  ])
  func readsTables(_ text: String) throws {
    #expect(try table(text) == Image(rows: [[1, 2, 3], [4, 5, 6]]))
  }

  @Test func readsEveryNotationOfNumbers() throws {
    let image = try table("1e3,-2.5E-1,+7,.5\nnan,inf,-inf,Infinity\n")
    #expect(image.elements.prefix(4) == [1000, -0.25, 7, 0.5])
    #expect(image[1, 0].isNaN)
    #expect(image.elements.suffix(3) == [.infinity, -.infinity, .infinity])
  }

  @Test func oneRowAndOneColumnAreTables() throws {
    #expect(try table("1,2,3").shape == [1, 3])
    #expect(try table("1\n2\n").shape == [2, 1])
    let path = try folder.put(Array("1\n2\n".utf8), as: "column.csv")
    #expect((try FileArray.read(path).array() as Signal<Float>).elements == [1, 2])
  }

  @Test(arguments: [
    ("a,b\n1,2\n3\n", "line 3: expected 2 numbers, found 1"),
    ("1,2\n1,2,3\n", "line 2: expected 2 numbers, found 3"),
    ("1,2\n1,x\n", "line 2: expected a number, found 'x'"),
    ("1,2\n1,\n", "line 2: expected a number, found an empty field"),
    ("1,x\n1,2\n", "line 1: expected a number, found 'x'"),
    ("a,b\nc,d\n", "line 2: expected a number, found 'c'"),
    ("", "expected a table of numbers, found none"),
    ("a,b\n", "expected a table of numbers, found none"),
    ("1,2\n1,\u{7}\n", "line 2: expected a number, found '?'"),
  ])
  func damagedTablesAreErrors(_ text: String, _ expected: String) throws {
    #expect(problem(reading: try folder.put(Array(text.utf8), as: "a.csv")) == expected)
  }
}
