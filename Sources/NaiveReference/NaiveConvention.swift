/// Whether the kernel is turned round.
public enum NaiveKind: Hashable, Sendable, CaseIterable {
  /// Σ w[k] f[n - k]
  case convolution
  /// Σ conj(w[k]) f[n + k]
  case correlation
}

/// Which positions of the kernel give an output.
public enum NaiveMode: Hashable, Sendable, CaseIterable {
  /// Every position where kernel and image share an element.
  case full
  /// One output for each element of the image.
  case same
  /// Every position where one of the two lies wholly inside the other.
  case valid
}

/// Which tap of the kernel stands on the output element in mode 'same'.
///
/// With the centre c, a correlation is Σ conj(w[k]) f[i + k - c] and a convolution
/// Σ w[k] f[i - k + c]. For odd lengths all conventions agree on the middle tap.
public enum NaiveCentring: Hashable, Sendable {
  /// `scipy.signal.convolve` and `scipy.signal.correlate`, `numpy` with arrays of equal length.
  case scipy
  /// `scipy.signal.correlate2d` and `convolve2d`.
  case correlate2d
  /// `scipy.ndimage`, with its origin for each axis.
  case ndimage(origin: [Int])
  /// `cv2.filter2D`.
  case opencv
  /// MATLAB's `conv2` and `imfilter`; the latter turns the kernel round for a convolution, which
  /// takes its centre to the other side of the middle.
  case matlab
  /// The index of the tap along each axis.
  case index([Int])

  /// The centre along one axis for a kernel of the given length.
  public func centre(_ kind: NaiveKind, length: Int, axis: Int) -> Int {
    switch (self, kind) {
    case (.scipy, .convolution): (length - 1) / 2
    case (.scipy, .correlation): length / 2
    case (.correlate2d, _): (length - 1) / 2
    case (.ndimage(let origin), _): length / 2 + origin[axis]
    case (.opencv, _): length / 2
    case (.matlab, .convolution): length / 2
    case (.matlab, .correlation): (length - 1) / 2
    case (.index(let centre), _): centre[axis]
    }
  }
}

/// What a convolution or correlation does besides its two arrays.
public struct NaiveFilter: Hashable, Sendable {
  /// Convolution or correlation.
  public var kind: NaiveKind
  /// Which positions give an output.
  public var mode: NaiveMode
  /// What stands beyond the edges in modes 'same' and 'full'; 'valid' reads nothing there.
  public var boundary: NaiveBoundary
  /// Which tap stands on the output element in mode 'same'.
  public var centring: NaiveCentring

  /// A filter of the given kind.
  public init(
    _ kind: NaiveKind, mode: NaiveMode, boundary: NaiveBoundary = .zero,
    centring: NaiveCentring = .scipy
  ) {
    self.kind = kind
    self.mode = mode
    self.boundary = boundary
    self.centring = centring
  }
}

/// Whether one array is at least as large as the other along every axis.
func dominates(_ first: [Int], _ second: [Int]) -> Bool {
  zip(first, second).allSatisfy { $0 >= $1 }
}

/// The numbers n for which outputs Σ w[k] f[n ± k] are asked for, along one axis.
func outputs(
  of filter: NaiveFilter, image: Int, kernel: Int, axis: Int
) throws(NaiveError) -> ClosedRange<Int> {
  let centre = filter.centring.centre(filter.kind, length: kernel, axis: axis)
  if filter.mode == .same && !(0..<kernel).contains(centre) { throw .centreOutsideKernel }
  return switch (filter.kind, filter.mode) {
  case (.convolution, .full): 0...(image + kernel - 2)
  case (.convolution, .same): centre...(image - 1 + centre)
  case (.convolution, .valid): (kernel - 1)...(image - 1)
  case (.correlation, .full): (1 - kernel)...(image - 1)
  case (.correlation, .same): (-centre)...(image - 1 - centre)
  case (.correlation, .valid): 0...(image - kernel)
  }
}
