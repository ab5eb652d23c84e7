import Concord

/// One of several templates, as it is told.
struct NamedTemplate {
  let number: Int
  let file: String
  let variant: TemplateVariant
  let shape: [Int]

  /// The names of its columns in a table.
  static func columns(axes: Int) -> [String] {
    ["template", "angle", "scale"]
      + ["planes", "rows", "columns"].suffix(axes).map { "template_\($0)" }
  }

  /// Its fields in an object.
  var fields: [(key: String, value: JSONValue)] {
    [
      ("template", .integer(number)), ("angle", .number(variant.angle)),
      ("scale", .number(variant.scale)), ("template_shape", .integers(shape)),
    ]
  }

  /// Its cells in a table.
  var cells: [String] {
    ["\(number)", "\(variant.angle)", "\(variant.scale)"] + shape.map(String.init)
  }

  /// The template for people.
  var text: String {
    var parts = ["template \(number)", file]
    if variant.angle != 0 { parts.append("\(Format.significant(variant.angle)) degrees") }
    if variant.scale != 1 { parts.append("scale \(Format.significant(variant.scale))") }
    return parts.joined(separator: ", ")
  }
}
