public import ConcordArrays
package import ConcordBackends

/// Which part of the result is wanted; `N` and `M` are the extents of image and kernel.
public enum ConvolutionMode: String, Hashable, Sendable, CaseIterable {
  /// Every position where the two overlap: `N + M - 1`.
  case full
  /// As large as the image: `N`. ``KernelAnchor`` says which `N` of the full result.
  case same
  /// Only where one lies wholly inside the other: `|N - M| + 1`.
  case valid
}

/// Which element of a kernel is its centre in mode 'same', along each axis of extent `M`.
///
/// For odd `M` all conventions mean the middle. For even `M` they differ, by one pixel:
///
/// | convention | convolution | correlation |
/// |---|---|---|
/// | `scipy` | (M - 1) / 2 | M / 2 |
/// | `correlate2d` | (M - 1) / 2 | (M - 1) / 2 |
/// | `ndimage` | M / 2 | M / 2 |
/// | `opencv` | M / 2 | M / 2 |
/// | `matlab` | M / 2 | (M - 1) / 2 |
///
/// With centre `c`, convolution is `out[i] = Σ k[j] f[i - j + c]` and correlation
/// `out[i] = Σ k[j] f[i + j - c]`.
public enum KernelAnchor: Hashable, Sendable {
  /// `scipy.signal.convolve`, `fftconvolve` and `correlate`; `numpy.convolve` and `correlate` for a
  /// kernel that is no longer than the image (NumPy's `same` is as long as the longer one).
  case scipy
  /// `scipy.signal.convolve2d` and `correlate2d`.
  case correlate2d
  /// `scipy.ndimage.convolve` and `correlate`.
  case ndimage
  /// `cv2.filter2D`.
  case opencv
  /// MATLAB's `conv2` and `imfilter`.
  case matlab
  /// The index of the centre, one for each axis, outermost first.
  case index([Int])
}

/// The way a convolution is computed.
public enum ConvolutionAlgorithm: String, Hashable, Sendable, CaseIterable {
  /// The planner takes the fastest.
  case automatic = "auto"
  /// Sums over the kernel, register-blocked.
  case direct
  /// Passes along each axis, for kernels that are a sum of a few products of one factor for each.
  case separable
  /// Window sums, for kernels whose elements are all equal.
  case box
  /// Products of matrices of windows and of kernels, for banks of many kernels.
  case matrix
  /// Products of spectra of the whole image.
  case fft
  /// Products of spectra of overlapping tiles.
  case overlapSave = "overlap-save"
}

/// How thoroughly transforms are planned.
public enum Effort: String, Hashable, Sendable, CaseIterable {
  /// What was measured before, by this program or an earlier one, and a guess for the rest.
  case known
  /// Guess from the sizes.
  case estimate
  /// Time a few candidates, once for each size; what is learnt is kept on disk.
  ///
  /// Asked for explicitly, algorithms that are predicted to be about as fast are timed as well when
  /// the plan is made, on an image of zeros, and the fastest is taken; not where image and result take
  /// more than 512 MB, or all together more than the memory limit. Results of two plans may then differ
  /// in their last digits.
  case measure
  /// Time many candidates.
  case patient

  package var planning: PlanningEffort {
    switch self {
    case .known: .known
    case .estimate: .estimate
    case .measure: .measure
    case .patient: .patient
    }
  }
}

/// Everything that a convolution or correlation can be asked for.
public struct ConvolutionOptions: Hashable, Sendable {
  /// Which part of the result is wanted.
  public var mode = ConvolutionMode.full
  /// How the image goes on beyond its edges; without meaning in mode 'valid'.
  public var boundary = Boundary.zero
  /// Which element of the kernel is its centre; without meaning except in mode 'same'.
  public var anchor = KernelAnchor.scipy
  /// Shifts the centre by so many elements along each axis, as `origin` of SciPy's ndimage does.
  public var origin: [Int] = []
  /// The only lags that are wanted of a correlation, along each axis; empty for those of the mode.
  ///
  /// They lie in `-(M - 1)...(N - 1)`, and the cost falls with their number. A convolution has none.
  public var lags: [ClosedRange<Int>] = []
  /// The way to compute it.
  public var algorithm = ConvolutionAlgorithm.automatic
  /// How right the sums have to be.
  public var exactness = ConvolutionExactness.rounded
  /// Whether results are compared with their definition as they are made.
  public var verification = ConvolutionVerification.none
  /// How thoroughly transforms are planned; nil to measure for a plan, which is made to be used
  /// again, and to take what is known for a single call.
  ///
  /// Measuring takes up to half a second for a size that was never seen, and saves about a quarter
  /// of the time of each call. Plans, Gaussian filters and banks of kernels heed it. Streams, exact
  /// sums of integers and pairs of images don't time algorithms, a tolerance doesn't time a lower rate
  /// against taps, and rows have no use for it.
  public var effort: Effort?
  /// How many threads may work; nil for all processors.
  ///
  /// Results don't depend on it.
  public var threads: Int?
  /// The bytes that working memory may take beside input and output; nil for half of the machine's.
  public var memoryLimit: Int?

  /// Options with a mode and boundary rule, and the defaults for the rest.
  public init(mode: ConvolutionMode = .full, boundary: Boundary = .zero) {
    self.mode = mode
    self.boundary = boundary
  }

  /// The same, for a plan that serves one call only.
  package var forSingleCall: ConvolutionOptions {
    var options = self
    options.effort = effort ?? .known
    return options
  }

  package var planningEffort: PlanningEffort { (effort ?? .measure).planning }
  package var threadCount: Int { max(1, threads ?? availableProcessors) }
  package var workingMemory: Int { memoryLimit ?? physicalMemory / 2 }
}
