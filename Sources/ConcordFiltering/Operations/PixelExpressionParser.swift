import ConcordArrays

/// A recursive-descent parser of pixel expressions.
struct PixelExpressionParser {
  private let text: String
  private let characters: [Character]
  private var position = 0
  private var depth = 0
  private var steps: [PixelExpression.Step] = []

  /// Deeper nesting would only exhaust the call stack.
  private static let deepest = 100
  private static let longest = 10_000

  init(_ text: String) {
    self.text = text
    characters = Array(text.prefix(Self.longest + 1))
  }

  mutating func parse() throws(ConcordError) -> [PixelExpression.Step] {
    guard characters.count <= Self.longest else {
      throw .expression(
        text: String(text.prefix(20)) + "…",
        problem: "expected at most \(Self.longest) characters, found more")
    }
    try sum()
    skipSpace()
    guard position == characters.count else { throw unexpected("an operator or the end") }
    return steps
  }

  private mutating func sum() throws(ConcordError) {
    try nested { (parser) throws(ConcordError) in
      try parser.product()
      while let operation = parser.take([("+", .add), ("-", .subtract)]) {
        try parser.product()
        parser.steps.append(.binary(operation))
      }
    }
  }

  private mutating func product() throws(ConcordError) {
    try signed()
    while !isPowerNext, let operation = take([("*", .multiply), ("/", .divide)]) {
      try signed()
      steps.append(.binary(operation))
    }
  }

  private mutating func signed() throws(ConcordError) {
    if take("-") {
      try nested { (parser) throws(ConcordError) in try parser.signed() }
      steps.append(.unary(.negate))
    } else if take("+") {
      try nested { (parser) throws(ConcordError) in try parser.signed() }
    } else {
      try power()
    }
  }

  private mutating func power() throws(ConcordError) {
    try primary()
    guard isPowerNext else { return }
    position += characters[position] == "*" ? 2 : 1
    // The exponent may have a sign, and a power of its own.
    try nested { (parser) throws(ConcordError) in try parser.signed() }
    steps.append(.binary(.power))
  }

  private mutating func primary() throws(ConcordError) {
    skipSpace()
    guard let next = peek else { throw unexpected("a number, a, b, a function or '('") }
    if take("(") {
      try sum()
      try expect(")")
    } else if next.isASCII && (next.isNumber || next == ".") {
      steps.append(.number(try number()))
    } else if next.isLetter {
      try name()
    } else {
      throw unexpected("a number, a, b, a function or '('")
    }
  }

  private mutating func name() throws(ConcordError) {
    let start = position
    while let next = peek, next.isLetter || next.isNumber || next == "_" { position += 1 }
    let name = String(characters[start..<position]).lowercased()
    switch name {
    case "a": steps.append(.first)
    case "b": steps.append(.second)
    case "abs", "sqrt", "exp", "log":
      try expect("(")
      try sum()
      try expect(")")
      if let function = PixelExpression.Unary(rawValue: name) { steps.append(.unary(function)) }
    case "min", "max":
      try expect("(")
      try sum()
      try expect(",")
      repeat {
        try sum()
        steps.append(.binary(name == "min" ? .min : .max))
      } while take(",")
      try expect(")")
    default:
      position = start
      throw unexpected("a, b or one of the functions abs, sqrt, exp, log, min, max")
    }
  }

  private mutating func number() throws(ConcordError) -> Double {
    let start = position
    skipDigits()
    if peek == "." {
      position += 1
      skipDigits()
    }
    if peek == "e" || peek == "E" {
      position += 1
      if peek == "+" || peek == "-" { position += 1 }
      skipDigits()
    }
    guard let value = Double(String(characters[start..<position])) else {
      position = start
      throw unexpected("a number")
    }
    return value
  }

  private mutating func nested(
    _ body: (inout PixelExpressionParser) throws(ConcordError) -> Void
  ) throws(ConcordError) {
    guard depth < Self.deepest else {
      throw .expression(text: text, problem: "expected at most \(Self.deepest) levels, found more")
    }
    depth += 1
    try body(&self)
    depth -= 1
  }

  // MARK: - Characters

  private var peek: Character? { position < characters.count ? characters[position] : nil }

  /// Whether `^` or `**` follows.
  private var isPowerNext: Bool {
    mutating get {
      skipSpace()
      return peek == "^" || characters[position...].starts(with: "**")
    }
  }

  private mutating func skipSpace() {
    while let next = peek, next.isWhitespace { position += 1 }
  }

  private mutating func skipDigits() {
    while let next = peek, next.isASCII && next.isNumber { position += 1 }
  }

  private mutating func take(_ character: Character) -> Bool {
    skipSpace()
    guard peek == character else { return false }
    position += 1
    return true
  }

  private mutating func take(
    _ operations: [(Character, PixelExpression.Binary)]
  ) -> PixelExpression.Binary? {
    for (character, operation) in operations where take(character) { return operation }
    return nil
  }

  private mutating func expect(_ character: Character) throws(ConcordError) {
    guard take(character) else { throw unexpected("'\(character)'") }
  }

  private func unexpected(_ expected: String) -> ConcordError {
    let found = String(characters[position...].prefix(12))
    return .expression(
      text: text,
      problem: "expected \(expected), found "
        + (found.isEmpty ? "the end" : "'\(found)' at character \(position + 1)"))
  }
}
