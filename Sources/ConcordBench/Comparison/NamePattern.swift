/// A pattern of names, in which `*` stands for any text and `?` for any character.
package struct NamePattern: Sendable {
  private let pattern: [Character]

  package init(_ pattern: String) { self.pattern = Array(pattern) }

  package func matches(_ name: String) -> Bool { fits(pattern[...], Array(name)[...]) }

  private func fits(_ pattern: ArraySlice<Character>, _ name: ArraySlice<Character>) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    let rest = pattern.dropFirst()
    if first == "*" {
      return fits(rest, name) || (!name.isEmpty && fits(pattern, name.dropFirst()))
    }
    guard let character = name.first, first == "?" || first == character else { return false }
    return fits(rest, name.dropFirst())
  }
}
