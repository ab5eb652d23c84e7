import Concord
import ConcordBackends
import ConcordFiles

/// A kernel whose file was read.
enum ResolvedKernel: Sendable {
  case file(FileArray)
  case standard(KernelArgument)

  /// Reads the kernel's file, if it is one.
  init(_ argument: KernelArgument) throws(ConcordError) {
    if case .file(let path) = argument {
      self = .file(try readInput(path))
    } else {
      self = .standard(argument)
    }
  }

  var isComplex: Bool {
    if case .file(let file) = self { return file.isComplex }
    return false
  }

  /// Whether the kernel's numbers don't fit into Float.
  var needsDouble: Bool {
    if case .file(let file) = self { return file.needsDouble }
    return false
  }

  /// The kernel's name in messages.
  var name: String {
    switch self {
    case .file(let file): file.path
    case .standard(let argument): argument.name
    }
  }

  /// The number of the kernel's axes for an image of so many.
  func rank(forImageOf rank: Int) -> Int {
    switch self {
    case .file(let file): return file.rank
    case .standard(let argument):
      switch argument {
      case .file, .laplacian: return rank
      case .gradient, .gabor: return 2
      case .gaussian(let sigma): return sigma.count == 1 ? rank : sigma.count
      case .box(let shape), .ones(let shape), .delta(let shape):
        return shape.count == 1 ? rank : shape.count
      }
    }
  }

  /// The kernel's numbers.
  func array<let rank: Int, S: RealScalar>() throws(ConcordError) -> NDArray<rank, S> {
    switch self {
    case .file(let file): return try file.array()
    case .standard(let argument):
      switch argument {
      case .file(let path): return try readInput(path).array()
      case .gaussian(let sigma):
        let all: [Double] = perAxis(sigma, rank)
        try checkMemory(all.map { 8 * $0 + 2 }, S.self)
        var factors: [Signal<S>] = []
        for sigma in all { factors.append(try .gaussianTaps(sigma: sigma)) }
        return try .separable(factors)
      case .box(let shape): return try .box(try self.shape(shape, S.self))
      case .ones(let shape): return .ones(try self.shape(shape, S.self))
      case .delta(let shape): return try .delta(try self.shape(shape, S.self))
      case .laplacian: return .laplacian
      case .gabor(let gabor):
        let kernel = try gabor.kernel(S.self)
        return try kernel.reshaped(to: Shape { ([1] + kernel.shape.components)[$0 + 3 - rank] })
      case .gradient(let gradient):
        return try gradient.kernel(S.self).reshaped(to: Shape { [1, 3, 3][$0 + 3 - rank] })
      }
    }
  }

  /// The kernel's numbers as complex ones.
  func complexArray<let rank: Int, S: RealScalar>()
    throws(ConcordError) -> NDArray<rank, Complex<S>>
  {
    if case .file(let file) = self { return try file.complexArray() }
    return NDArray(real: try array())
  }

  private func shape<let rank: Int, S>(
    _ extents: [Int], _ type: S.Type
  ) throws(ConcordError) -> Shape<rank> {
    let all = perAxis(extents, rank)
    try checkMemory(all.map(Double.init), S.self)
    return Shape { all[$0] }
  }

  private func perAxis<Value>(_ list: [Value], _ rank: Int) -> [Value] {
    list.count == 1 ? Array(repeating: list[0], count: rank) : list
  }

  /// A kernel is not worth more than half of the machine's memory.
  private func checkMemory<S>(_ extents: [Double], _ type: S.Type) throws(ConcordError) {
    let bytes = extents.reduce(Double(MemoryLayout<S>.size), *)
    guard bytes <= Double(physicalMemory / 2) else {
      throw .memoryLimit(needed: Int(min(bytes, 0x1p62)), limit: physicalMemory / 2)
    }
  }
}

extension KernelArgument.Gradient {
  /// The weights of the derivative.
  fileprivate func kernel<S: RealScalar>(_ type: S.Type) -> Image<S> {
    switch self {
    case .sobelX: .sobelX
    case .sobelY: .sobelY
    case .prewittX: .prewittX
    case .prewittY: .prewittY
    case .scharrX: .scharrX
    case .scharrY: .scharrY
    }
  }
}
