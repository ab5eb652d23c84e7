import ConcordKernels

/// A real number type that FFTW, OpenBLAS and Concord's kernels compute in: Float or Double.
///
/// The requirement is underscored: it is for Concord's own use and gives no stable interface.
public protocol BackendScalar: BinaryFloatingPoint, Sendable {
  /// The C functions for this type.
  static var _backend: ScalarBackend<Self> { get }
}

/// The C functions of one scalar type, so that everything above them is written once.
///
/// A class whose properties are reached one by one: to copy a table is to copy, and retain, every
/// function in it, which costs more than most of them do.
public final class ScalarBackend<Scalar>: Sendable {
  let kernels: KernelFunctions<Scalar>
  let transforms: TransformFunctions<Scalar>
  let matrices: MatrixFunctions<Scalar>

  init(
    kernels: KernelFunctions<Scalar>, transforms: TransformFunctions<Scalar>,
    matrices: MatrixFunctions<Scalar>
  ) {
    self.kernels = kernels
    self.transforms = transforms
    self.matrices = matrices
  }
}

/// Concord's own kernels; ConcordKernels.h says what each of them does.
struct KernelFunctions<T>: Sendable {
  typealias Input = UnsafePointer<T>?
  typealias Output = UnsafeMutablePointer<T>?

  let correlateTile: @Sendable (UnsafePointer<concord_tile>?, Input, Input, Output) -> Void
  /// source, taps, their count, out, columns.
  let filterRow: @Sendable (Input, Input, Int, Output, Int) -> Void
  /// source, stride, taps, their count, how to store, out, stride, rows, columns.
  let filterColumns: @Sendable (Input, Int, Input, Int, Int32, Output, Int, Int, Int) -> Int32
  /// rows, taps, their count, out, columns.
  let blendRows: @Sendable (UnsafePointer<Input>?, Input, Int, Output, Int) -> Void
  /// As filterColumns.
  let interpolateRows: @Sendable (Input, Int, Input, Int, Int32, Output, Int, Int, Int) -> Int32
  /// source, count, factor, out, stride.
  let splitRow: @Sendable (Input, Int, Int, Output, Int) -> Void
  /// source, stride, factor, count, out.
  let joinRow: @Sendable (Input, Int, Int, Int, Output) -> Void
  let streamRow: @Sendable (Input, Int, Output) -> Void
  let gatherRow: @Sendable (Input, Int, Int, Int, Int32, T, Output) -> Void
  let packPair: @Sendable (Input, Input, Int, Output) -> Void
  let unpackPairSpectrum: @Sendable (Input, Int, Output, Output) -> Void
  let packPairSpectrum: @Sendable (Input, Input, Int, Output) -> Void
  let splitPair: @Sendable (Input, Int, T, Output, Output) -> Void
  let transposeComplex: @Sendable (Input, Int, Int, Int, Output, Int) -> Void
  let multiplySpectrum: @Sendable (Output, Input, Int, Int32) -> Void
  let addScaled: @Sendable (T, Input, Output, Int) -> Void
  let multiplyAdds: @Sendable (Int) -> T
  let shift: @Sendable (T, Output, Int) -> Void
  let scale: @Sendable (T, Output, Int) -> Void
  let moments:
    @Sendable (Input, Int, Double, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?)
      -> Void
  let finiteRange: @Sendable (Input, Int, Output, Output) -> Int
  let allFinite: @Sendable (Input, Int) -> Int32
  /// sums, contrasts, gain, residue, count, scores.
  let scaleByContrasts:
    @Sendable (UnsafePointer<Double>?, UnsafePointer<Double>?, Double, Double, Int, Output) -> Void
  /// scores, sign, label, count, best, labels.
  let takeBest: @Sendable (Input, T, Int32, Int, Output, UnsafeMutablePointer<Int32>?) -> T
  /// terms, sums, sums of squares, count, scores.
  let coefficients:
    @Sendable (
      UnsafePointer<concord_coefficient_terms>?, UnsafePointer<Double>?, UnsafePointer<Double>?,
      Int,
      Output
    ) -> Int32
  let median: @Sendable (Output, Int) -> T
  let windowExtremes: @Sendable (Output, Int, Int, Int, Int, T) -> Void
  let medianTile: @Sendable (UnsafePointer<concord_tile>?, Input, Int32, Output, Output) -> Void
  /// tile, real and imaginary parts, scale, conjugate, scratch, spectrum.
  let transformTile: @Sendable (LaneTile<T>, Output, Output, T, Bool, Output, Output) -> Void
  /// tile, real and imaginary parts, spectrum, scratch.
  let filterTile: @Sendable (LaneTile<T>, Output, Output, Input, Output) -> Void
  /// tile, stage, first column or row, end, real and imaginary parts, spectrum, scratch.
  let filterPart: @Sendable (LaneTile<T>, Int32, Int, Int, Output, Output, Input, Output) -> Void
  /// tile, channels, spectra, kernels' spectra, real and imaginary parts, scratch.
  let restoreTile: @Sendable (LaneTile<T>, Int, Input, Input, Output, Output, Output) -> Void
  /// axis, a pair's spectrum, rows' spectra, their count, values to keep, both outputs, scratch.
  let correlateRows:
    @Sendable (LaneTile<T>.Axis, Input, Input, Int, Int, Output, Output, Output) -> Void
  /// tile, frequencies, columns in use, scale, parts of the first and second tile, scratch.
  let correlatePair:
    @Sendable (
      LaneTile<T>, UnsafePointer<Int32>?, Int, T, Output, Output, Output, Output, Output
    ) -> Void
  let tileLanes: @Sendable () -> Int32
  let windowTile: @Sendable (UnsafePointer<concord_window>?, UnsafeMutablePointer<Double>?) -> Void
  let windowScratch: @Sendable (UnsafePointer<concord_window>?) -> Int
}

/// A `concord_transform`, whose C type differs from scalar to scalar.
struct LaneTile<T>: @unchecked Sendable {
  struct Axis {
    let length: Int
    let passes: Int
    let radices: UnsafePointer<Int32>
    let twiddles: UnsafePointer<T>
  }

  let planes: Axis
  let rows: Axis
  let columns: Axis
  let rowStride: Int
  let planeStride: Int
  let twist: UnsafePointer<T>?
  var kept: Extents
}

/// FFTW's interface for one precision.
///
/// Complex values are pairs of reals.
struct TransformFunctions<T>: Sendable {
  typealias Reals = UnsafeMutablePointer<T>
  typealias Plan = OpaquePointer

  /// rank, lengths, howmany, distance between transforms, in, out, sign, flags.
  let planComplex: @Sendable ([Int32], Int32, Int32, Reals, Reals, Int32, UInt32) -> Plan?
  /// lengths, howmany, real distance, complex distance, reals, complexes, flags.
  let planForward: @Sendable ([Int32], Int32, Int32, Int32, Reals, Reals, UInt32) -> Plan?
  let planBackward: @Sendable ([Int32], Int32, Int32, Int32, Reals, Reals, UInt32) -> Plan?
  let executeComplex: @Sendable (Plan, Reals, Reals) -> Void
  let executeForward: @Sendable (Plan, Reals, Reals) -> Void
  let executeBackward: @Sendable (Plan, Reals, Reals) -> Void
  let destroy: @Sendable (Plan) -> Void
  let setTimeLimit: @Sendable (Double) -> Void
  let useOneThread: @Sendable () -> Void
  let importWisdom: @Sendable (String) -> Bool
  let exportWisdom: @Sendable () -> String?
}

/// CBLAS for one precision, row-major.
struct MatrixFunctions<T>: Sendable {
  typealias Input = UnsafePointer<T>
  typealias Output = UnsafeMutablePointer<T>

  /// transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc.
  let gemm:
    @Sendable (Bool, Int32, Int32, Int32, T, Input, Int32, Input, Int32, T, Output, Int32) -> Void
  /// n, k, alpha, a, lda, beta, c, ldc: the upper triangle of A Aᵀ.
  let syrk: @Sendable (Int32, Int32, T, Input, Int32, T, Output, Int32) -> Void
}
