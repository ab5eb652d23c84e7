import Concord

/// Something that makes one image of one or two of the same shape.
protocol ImageOperation: Sendable {
  /// Whether images may hold complex elements.
  static var servesComplex: Bool { get }

  /// Prepares the operation for images of a shape, of real elements.
  func prepare<let rank: Int, S: RealScalar & CommandElement>(
    for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, S>

  /// Prepares the operation for images of a shape, of complex elements.
  func prepareComplex<let rank: Int, S: RealScalar & CommandElement>(
    for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, Complex<S>>
}

extension ImageOperation {
  /// Most operations have no meaning for complex numbers.
  static var servesComplex: Bool { false }

  /// An operation that doesn't serve complex numbers is never asked to.
  func prepareComplex<let rank: Int, S: RealScalar & CommandElement>(
    for shape: Shape<rank>
  ) throws(ConcordError) -> PreparedOperation<rank, Complex<S>> {
    throw .algorithmCannotServe(
      algorithm: "filter", why: "expected real elements, found complex ones")
  }
}

/// An operation that is ready for images of one shape.
struct PreparedOperation<let rank: Int, Element: CommandElement> {
  /// How it is computed.
  let algorithm: String
  /// The algorithm with its sizes, where there is more to say.
  let strategy: String?
  /// Computes the result of the images, and counts steps of progress.
  let apply: ([NDArray<rank, Element>], Progress) throws(ConcordError) -> NDArray<rank, Element>
  /// What the result is by definition.
  let definition: ([NDArray<rank, Element>]) throws(ConcordError) -> OutputDefinition
  /// How many steps of progress one application has.
  var steps = 1

  /// An operation of a single step.
  init(
    algorithm: String, strategy: String? = nil,
    definition: @escaping ([NDArray<rank, Element>]) throws(ConcordError) -> OutputDefinition,
    apply: @escaping ([NDArray<rank, Element>]) throws(ConcordError) -> NDArray<rank, Element>
  ) {
    self.algorithm = algorithm
    self.strategy = strategy
    self.definition = definition
    self.apply = { (images, progress) throws(ConcordError) in
      let result = try apply(images)
      progress.step()
      return result
    }
  }

  private init(
    algorithm: String, strategy: String?, steps: Int,
    definition: @escaping ([NDArray<rank, Element>]) throws(ConcordError) -> OutputDefinition,
    counting apply:
      @escaping ([NDArray<rank, Element>], Progress) throws(ConcordError) -> NDArray<rank, Element>
  ) {
    self.algorithm = algorithm
    self.strategy = strategy
    self.steps = steps
    self.definition = definition
    self.apply = apply
  }
}

extension PreparedOperation where rank == 2 {
  /// The same operation on every plane of volumes.
  func planewise(planes: Int) -> PreparedOperation<3, Element> {
    PreparedOperation<3, Element>(
      algorithm: algorithm, strategy: strategy, steps: planes,
      definition: { (volumes) throws(ConcordError) in
        let perPlane = PlaneDefinitions(definition, of: volumes)
        return OutputDefinition { (position) throws(ConcordError) in
          try perPlane.value(at: position)
        }
      },
      counting: { (volumes, progress) throws(ConcordError) in
        var plane = 0
        return try volumes[0].mapPlanes { (image) throws(ConcordError) in
          var images = [image]
          for volume in volumes.dropFirst() { images.append(try volume.plane(plane).copied()) }
          plane += 1
          return try apply(images, progress)
        }
      })
  }
}

/// The definitions of a volume's planes, made when they are asked for.
private final class PlaneDefinitions<Element: CommandElement> {
  private let make: ([Image<Element>]) throws(ConcordError) -> OutputDefinition
  private let volumes: [Volume<Element>]
  private var known: [Int: OutputDefinition] = [:]

  init(
    _ make: @escaping ([Image<Element>]) throws(ConcordError) -> OutputDefinition,
    of volumes: [Volume<Element>]
  ) {
    self.make = make
    self.volumes = volumes
  }

  func value(at position: [Int]) throws(ConcordError) -> Complex<Double> {
    let plane = position[0]
    var definition = known[plane]
    if definition == nil {
      var images: [Image<Element>] = []
      for volume in volumes { images.append(try volume.plane(plane).copied()) }
      definition = try make(images)
      known[plane] = definition
    }
    return try definition?.value(Array(position.dropFirst())) ?? .zero
  }
}
