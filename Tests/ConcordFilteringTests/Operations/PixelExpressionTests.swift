import ConcordArrays
import ConcordFiltering
import ConcordTestSupport
import Testing

struct PixelExpressionTests {
  @Test(arguments: [
    ("a + b", 5.0), ("a - b - 1", -2), ("-a^2", -4), ("(-a)^2", 4), ("a^b^a", 512), ("a**b", 8),
    ("2^-a", 0.25), ("a / b * 3", 2), ("min(a, b) + max(a, b, 7)", 9), ("abs(a - b)", 1),
    ("sqrt(a + a)", 2), ("exp(log(b))", 3), ("1.5e1 * A", 30), (".5*a", 1), ("+a", 2),
    ("(-a)^b", -8), ("a*-b", -6), ("--a", 2), ("a ^ 0.5", 2.0.squareRoot()),
  ])
  func value(_ text: String, expected: Double) throws {
    let values = try PixelExpression(text).values(a: Signal<Float>([2]), b: Signal([3]))
    #expect(abs(values[0] - expected) < 1e-12)
  }

  @Test func bytesDoNotOverflow() throws {
    let a = Image<UInt8>(shape: [1, 2], repeating: 200).widened()
    let b = Image<UInt8>(shape: [1, 2], repeating: 250).widened()
    let values = try PixelExpression("a^2 - b^2").values(a: a, b: b)
    #expect(values.elements == [-22500, -22500])
  }

  /// Long enough for several strips of several runs, none of them whole at the end.
  @Test func severalRunsOfPixels() throws {
    let a = Signal<Double>(shape: [70_001]) { Double($0[0]) }
    let b = Signal<Double>(shape: [70_001]) { Double($0[0] % 7) }
    let values = try PixelExpression("2 * a + b").values(a: a, b: b)
    let expected: [Double] = (0..<70_001).map { Double(2 * $0 + $0 % 7) }
    #expect(values.elements == expected)
  }

  @Test func undefinedValuesAreNotANumber() throws {
    let a = Signal<Double>([-1, .nan, 4])
    #expect(try PixelExpression("sqrt(a)").values(a: a)[0].isNaN)
    #expect(try PixelExpression("a ^ 0.5").values(a: a)[0].isNaN)
    #expect(try PixelExpression("min(a, 0)").values(a: a)[1].isNaN)
    #expect(try PixelExpression("max(0, a)").values(a: a)[1].isNaN)
    #expect(try PixelExpression("max(0, a)").values(a: a)[2] == 4)
  }

  @Test(arguments: [
    ("", "found the end"), ("a +", "found the end"), ("a b", "found 'b' at character 3"),
    ("(a", "expected ')', found the end"), ("c", "found 'c'"), ("min(a)", "expected ','"),
    ("a $ b", "found '$ b'"), ("sqrt a", "expected '('"), ("1e", "a number"), ("a ) b", "')"),
    ("1 2", "found '2'"), ("a//b", "found '/b'"), ("٣", "found '٣'"),
  ])
  func misunderstood(_ text: String, problem: String) throws {
    let error = try #require(throws: ConcordError.self) { try PixelExpression(text) }
    #expect(error.description.contains(problem), "\(error)")
  }

  @Test func deepNestingIsAnError() {
    for text in [
      String(repeating: "(", count: 100_000), String(repeating: "-", count: 9000) + "a",
      String(repeating: "a^", count: 4000) + "a",
    ] {
      #expect(throws: ConcordError.self) { try PixelExpression(text) }
    }
  }

  @Test func missingOrOtherSecondImage() throws {
    let expression = try PixelExpression("a + b")
    #expect(throws: ConcordError.self) { try expression.values(a: Signal<Float>([1])) }
    #expect(throws: ConcordError.shapesDiffer(expected: [1], found: [2])) {
      try expression.values(a: Signal<Float>([1]), b: Signal([1, 2]))
    }
    #expect(expression.usesFirst && expression.usesSecond)
    #expect(try !PixelExpression("a").usesSecond)
  }
}
