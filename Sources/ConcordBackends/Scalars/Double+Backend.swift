import CFFTW
import COpenBLAS
import ConcordKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Double: BackendScalar {
  /// The C functions for this type.
  public static let _backend = ScalarBackend<Double>(
    kernels: KernelFunctions(
      correlateTile: concord_correlate_tile_f64,
      filterRow: concord_filter_row_f64,
      filterColumns: concord_filter_columns_f64,
      blendRows: concord_blend_rows_f64,
      interpolateRows: concord_interpolate_rows_f64,
      splitRow: concord_split_row_f64,
      joinRow: concord_join_row_f64,
      streamRow: concord_stream_row_f64,
      gatherRow: concord_gather_row_f64,
      packPair: concord_pack_pair_f64,
      unpackPairSpectrum: concord_unpack_pair_spectrum_f64,
      packPairSpectrum: concord_pack_pair_spectrum_f64,
      splitPair: concord_split_pair_f64,
      transposeComplex: concord_transpose_complex_f64,
      multiplySpectrum: concord_multiply_spectrum_f64,
      addScaled: concord_add_scaled_f64,
      multiplyAdds: concord_multiply_adds_f64,
      shift: concord_shift_f64,
      scale: concord_scale_f64,
      moments: concord_moments_f64,
      finiteRange: concord_finite_range_f64,
      allFinite: concord_all_finite_f64,
      scaleByContrasts: concord_scale_by_contrasts_f64,
      takeBest: concord_take_best_f64,
      coefficients: concord_coefficients_f64,
      median: concord_median_f64,
      windowExtremes: concord_window_extremes_f64,
      medianTile: concord_median_tile_f64,
      transformTile: { tile, re, im, scale, conjugate, scratch, spectrum in
        withC(tile) {
          concord_transform_tile_f64($0, re, im, scale, conjugate ? 1 : 0, scratch, spectrum)
        }
      },
      filterTile: { tile, re, im, spectrum, scratch in
        withC(tile) { concord_filter_tile_f64($0, re, im, spectrum, scratch) }
      },
      filterPart: { tile, stage, first, end, re, im, spectrum, scratch in
        withC(tile) {
          concord_filter_part_f64($0, stage, first, end, re, im, spectrum, scratch)
        }
      },
      restoreTile: { tile, channels, spectra, kernels, re, im, scratch in
        withC(tile) { concord_restore_tile_f64($0, channels, spectra, kernels, re, im, scratch) }
      },
      correlateRows: { axis, pair, rows, count, kept, first, second, scratch in
        var axis = inC(axis)
        concord_correlate_rows_f64(&axis, pair, rows, count, kept, first, second, scratch)
      },
      correlatePair: { tile, half, used, scale, re, im, otherRe, otherIm, scratch in
        withC(tile) {
          concord_correlate_pair_f64($0, half, used, scale, re, im, otherRe, otherIm, scratch)
        }
      },
      tileLanes: concord_tile_lanes_f64,
      windowTile: concord_window_tile_f64,
      windowScratch: concord_window_scratch_f64),
    transforms: TransformFunctions(
      planComplex: { lengths, batch, distance, input, output, sign, flags in
        fftw_plan_many_dft(
          Int32(lengths.count), lengths, batch,
          complexes(input), nil, 1, distance, complexes(output), nil, 1, distance, sign, flags)
      },
      planForward: { lengths, batch, realDistance, complexDistance, reals, spectrum, flags in
        fftw_plan_many_dft_r2c(
          Int32(lengths.count), lengths, batch,
          reals, nil, 1, realDistance, complexes(spectrum), nil, 1, complexDistance, flags)
      },
      planBackward: { lengths, batch, realDistance, complexDistance, reals, spectrum, flags in
        fftw_plan_many_dft_c2r(
          Int32(lengths.count), lengths, batch,
          complexes(spectrum), nil, 1, complexDistance, reals, nil, 1, realDistance, flags)
      },
      executeComplex: { fftw_execute_dft($0, complexes($1), complexes($2)) },
      executeForward: { fftw_execute_dft_r2c($0, $1, complexes($2)) },
      executeBackward: { fftw_execute_dft_c2r($0, complexes($2), $1) },
      destroy: { fftw_destroy_plan($0) },
      setTimeLimit: { fftw_set_timelimit($0) },
      useOneThread: {
        _ = fftw_init_threads()
        fftw_plan_with_nthreads(1)
      },
      importWisdom: { fftw_import_wisdom_from_string($0) != 0 },
      exportWisdom: {
        guard let text = fftw_export_wisdom_to_string() else { return nil }
        defer { free(text) }
        return String(cString: text)
      }),
    matrices: MatrixFunctions(
      gemm: { transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc in
        cblas_dgemm(
          CblasRowMajor, CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
          m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
      },
      syrk: { n, k, alpha, a, lda, beta, c, ldc in
        cblas_dsyrk(
          CblasRowMajor, CblasUpper, CblasNoTrans, n, k, alpha, a, lda, beta, c, ldc)
      }))
}

/// FFTW's complex numbers are two reals beside each other.
private func complexes(_ reals: UnsafeMutablePointer<Double>) -> UnsafeMutablePointer<fftw_complex>
{
  UnsafeMutableRawPointer(reals).assumingMemoryBound(to: fftw_complex.self)
}

private func withC(
  _ tile: LaneTile<Double>, _ body: (UnsafePointer<concord_transform_f64>) -> Void
) {
  var c = concord_transform_f64(
    planes: inC(tile.planes), rows: inC(tile.rows), columns: inC(tile.columns),
    row_stride: tile.rowStride, plane_stride: tile.planeStride, kept: tile.kept.c,
    twist: tile.twist)
  body(&c)
}

private func inC(_ axis: LaneTile<Double>.Axis) -> concord_axis_f64 {
  concord_axis_f64(
    length: axis.length, passes: axis.passes, radices: axis.radices, twiddles: axis.twiddles)
}
