/// One FFTW plan for a whole array there and one back, with their buffers.
///
/// It is what ``SpectralTransform`` is measured against, and tests read its spectrum.
package final class NativeRoundTrip<Scalar: BackendScalar> {
  private let forward: FFTWPlan<Scalar>
  private let backward: FFTWPlan<Scalar>
  private let reals: AlignedBuffer<Scalar>
  private let spectrum: AlignedBuffer<Scalar>

  package init(_ samples: SharedBuffer<Scalar>, lengths: [Int], effort: PlanningEffort) {
    forward = FFTWPlan(TransformDescription(.realForward, lengths: lengths, effort: effort))
    backward = FFTWPlan(TransformDescription(.realBackward, lengths: lengths, effort: effort))
    precondition(samples.count == forward.description.sampleCount)
    reals = AlignedBuffer(uninitializedCount: samples.count)
    spectrum = AlignedBuffer(uninitializedCount: 2 * forward.description.binCount)
    reals.base.update(from: samples.base, count: samples.count)
  }

  /// Transforms there and back; the samples grow by their number.
  package func run() {
    forward.execute(reals: reals.base, spectrum: spectrum.base)
    backward.execute(reals: reals.base, spectrum: spectrum.base)
  }

  /// The samples as they are now.
  package var samples: [Scalar] {
    Array(UnsafeBufferPointer(start: reals.base, count: reals.count))
  }
}
