import CFFTW
import Synchronization

/// How long planning may look for a fast transform: FFTW's own words, and one more.
package enum PlanningEffort: String, Hashable, Sendable, CaseIterable {
  /// What was measured before, in this process or an earlier one; else a guess.
  case known
  /// Guess from the sizes; no measurement.
  case estimate
  /// Time a few candidates.
  case measure
  /// Time many candidates.
  case patient

  /// What to ask FFTW for, one after the other until it has a plan.
  var flags: [UInt32] {
    switch self {
    case .known: [UInt32(FFTW_MEASURE) | FFTW_WISDOM_ONLY, FFTW_ESTIMATE]
    case .estimate: [FFTW_ESTIMATE]
    case .measure: [UInt32(FFTW_MEASURE)]
    case .patient: [FFTW_PATIENT]
    }
  }

  /// Whether planning may learn something.
  var measures: Bool { self == .measure || self == .patient }
}

/// What one FFTW plan transforms: 1-D to 3-D, one precision, a batch of equal sizes.
package struct TransformDescription: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Complex to complex in place; forward or backward.
    case complexForward, complexBackward
    /// Real to half spectrum, and back (which overwrites the spectrum). Out of place.
    case realForward, realBackward
  }

  package var kind: Kind
  package var lengths: [Int]
  package var batch: Int
  package var effort: PlanningEffort

  package init(_ kind: Kind, lengths: [Int], batch: Int = 1, effort: PlanningEffort = .measure) {
    self.kind = kind
    self.lengths = lengths
    self.batch = batch
    self.effort = effort
  }

  /// Samples of one transform.
  package var sampleCount: Int { lengths.reduce(1, *) }

  /// Complex bins of one transform's spectrum: half of the last axis for real input.
  package var binCount: Int {
    switch kind {
    case .complexForward, .complexBackward: sampleCount
    case .realForward, .realBackward:
      lengths.dropLast().reduce((lengths.last ?? 0) / 2 + 1, *)
    }
  }
}

/// Only one thread at a time may use FFTW's planner, which includes dropping a plan.
private let plannerLock = Mutex(())

/// The sole owner of one FFTW plan, dropped with it.
///
/// Executing is thread-safe.
///
/// Buffers must be aligned to ``memoryAlignment`` bytes, as those are that planning used.
package struct FFTWPlan<Scalar: BackendScalar>: ~Copyable, @unchecked Sendable {
  package let description: TransformDescription
  private let plan: OpaquePointer

  /// The seconds that planning one transform may take when it measures.
  static var timeLimit: Double { 2 }

  package init(_ description: TransformDescription) {
    self.description = description
    FFTWWisdom.loadOnce(Scalar.self)
    let clock = ContinuousClock()
    let start = clock.now
    plan = plannerLock.withLock { _ in Self.make(description) }
    if description.effort.measures {
      FFTWWisdom.planned(Scalar.self, in: start.duration(to: clock.now))
    }
  }

  deinit {
    let plan = plan
    plannerLock.withLock { _ in Scalar._backend.transforms.destroy(plan) }
  }

  /// Transforms complex values in place: real and imaginary parts side by side.
  func execute(inPlace values: UnsafeMutablePointer<Scalar>) {
    Scalar._backend.transforms.executeComplex(plan, values, values)
  }

  /// Transforms real samples to half spectra, or back, which overwrites the spectra.
  func execute(
    reals: UnsafeMutablePointer<Scalar>, spectrum: UnsafeMutablePointer<Scalar>
  ) {
    switch description.kind {
    case .realForward: Scalar._backend.transforms.executeForward(plan, reals, spectrum)
    case .realBackward: Scalar._backend.transforms.executeBackward(plan, reals, spectrum)
    case .complexForward, .complexBackward:
      preconditionFailure("A complex transform works in place")
    }
  }

  /// Transforms a buffer of complex values in place.
  package func execute(inPlace values: inout AlignedBuffer<Scalar>) {
    precondition(values.count == 2 * description.sampleCount * description.batch)
    execute(inPlace: values.base)
  }

  /// Transforms a buffer of real samples to half spectra, or back, which overwrites the spectra.
  package func execute(
    reals: inout AlignedBuffer<Scalar>, spectrum: inout AlignedBuffer<Scalar>
  ) {
    precondition(reals.count == description.sampleCount * description.batch)
    precondition(spectrum.count == 2 * description.binCount * description.batch)
    execute(reals: reals.base, spectrum: spectrum.base)
  }

  /// Makes the plan on scratch buffers, because measuring overwrites them.
  ///
  /// Needs the lock.
  private static func make(_ description: TransformDescription) -> OpaquePointer {
    let functions = Scalar._backend
    functions.transforms.useOneThread()
    functions.transforms.setTimeLimit(timeLimit)
    let spectrum = AlignedBuffer<Scalar>(
      uninitializedCount: 2 * description.binCount * description.batch)
    let isComplex = description.kind == .complexForward || description.kind == .complexBackward
    let reals = AlignedBuffer<Scalar>(
      uninitializedCount: isComplex ? 0 : description.sampleCount * description.batch)
    for flags in description.effort.flags {
      if let plan = make(description, flags, reals: reals.base, spectrum: spectrum.base) {
        return plan
      }
    }
    preconditionFailure("FFTW has no plan for \(description)")
  }

  private static func make(
    _ description: TransformDescription, _ flags: UInt32, reals: UnsafeMutablePointer<Scalar>,
    spectrum: UnsafeMutablePointer<Scalar>
  ) -> OpaquePointer? {
    let functions = Scalar._backend
    let lengths = description.lengths.map(Int32.init)
    let batch = Int32(description.batch)
    let samples = Int32(description.sampleCount)
    let bins = Int32(description.binCount)
    return switch description.kind {
    case .complexForward:
      functions.transforms.planComplex(
        lengths, batch, samples, spectrum, spectrum, FFTW_FORWARD, flags)
    case .complexBackward:
      functions.transforms.planComplex(
        lengths, batch, samples, spectrum, spectrum, FFTW_BACKWARD, flags)
    case .realForward:
      functions.transforms.planForward(
        lengths, batch, samples, bins, reals, spectrum, flags | FFTW_PRESERVE_INPUT)
    case .realBackward:
      functions.transforms.planBackward(
        lengths, batch, samples, bins, reals, spectrum, flags | FFTW_DESTROY_INPUT)
    }
  }

  /// Reads wisdom from a text; false if FFTW can't use it.
  static func importWisdom(_ text: String) -> Bool {
    plannerLock.withLock { _ in
      // Wisdom is signed with the planner's solvers, which those for threads are among: without
      // them the planner would refuse all that it has written itself.
      Scalar._backend.transforms.useOneThread()
      return Scalar._backend.transforms.importWisdom(text)
    }
  }

  /// All that FFTW has learnt so far.
  static func exportWisdom() -> String? {
    plannerLock.withLock { _ in Scalar._backend.transforms.exportWisdom() }
  }
}
