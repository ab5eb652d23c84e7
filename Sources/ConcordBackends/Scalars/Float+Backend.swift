import CFFTW
import COpenBLAS
import ConcordKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Float: BackendScalar {
  /// The C functions for this type.
  public static let _backend = ScalarBackend<Float>(
    kernels: KernelFunctions(
      correlateTile: concord_correlate_tile_f32,
      filterRow: concord_filter_row_f32,
      filterColumns: concord_filter_columns_f32,
      blendRows: concord_blend_rows_f32,
      interpolateRows: concord_interpolate_rows_f32,
      splitRow: concord_split_row_f32,
      joinRow: concord_join_row_f32,
      streamRow: concord_stream_row_f32,
      gatherRow: concord_gather_row_f32,
      packPair: concord_pack_pair_f32,
      unpackPairSpectrum: concord_unpack_pair_spectrum_f32,
      packPairSpectrum: concord_pack_pair_spectrum_f32,
      splitPair: concord_split_pair_f32,
      transposeComplex: concord_transpose_complex_f32,
      multiplySpectrum: concord_multiply_spectrum_f32,
      addScaled: concord_add_scaled_f32,
      multiplyAdds: concord_multiply_adds_f32,
      shift: concord_shift_f32,
      scale: concord_scale_f32,
      moments: concord_moments_f32,
      finiteRange: concord_finite_range_f32,
      allFinite: concord_all_finite_f32,
      scaleByContrasts: concord_scale_by_contrasts_f32,
      takeBest: concord_take_best_f32,
      coefficients: concord_coefficients_f32,
      median: concord_median_f32,
      windowExtremes: concord_window_extremes_f32,
      medianTile: concord_median_tile_f32,
      transformTile: { tile, re, im, scale, conjugate, scratch, spectrum in
        withC(tile) {
          concord_transform_tile_f32($0, re, im, scale, conjugate ? 1 : 0, scratch, spectrum)
        }
      },
      filterTile: { tile, re, im, spectrum, scratch in
        withC(tile) { concord_filter_tile_f32($0, re, im, spectrum, scratch) }
      },
      filterPart: { tile, stage, first, end, re, im, spectrum, scratch in
        withC(tile) {
          concord_filter_part_f32($0, stage, first, end, re, im, spectrum, scratch)
        }
      },
      restoreTile: { tile, channels, spectra, kernels, re, im, scratch in
        withC(tile) { concord_restore_tile_f32($0, channels, spectra, kernels, re, im, scratch) }
      },
      correlateRows: { axis, pair, rows, count, kept, first, second, scratch in
        var axis = inC(axis)
        concord_correlate_rows_f32(&axis, pair, rows, count, kept, first, second, scratch)
      },
      correlatePair: { tile, half, used, scale, re, im, otherRe, otherIm, scratch in
        withC(tile) {
          concord_correlate_pair_f32($0, half, used, scale, re, im, otherRe, otherIm, scratch)
        }
      },
      tileLanes: concord_tile_lanes_f32,
      windowTile: concord_window_tile_f32,
      windowScratch: concord_window_scratch_f32),
    transforms: TransformFunctions(
      planComplex: { lengths, batch, distance, input, output, sign, flags in
        fftwf_plan_many_dft(
          Int32(lengths.count), lengths, batch,
          complexes(input), nil, 1, distance, complexes(output), nil, 1, distance, sign, flags)
      },
      planForward: { lengths, batch, realDistance, complexDistance, reals, spectrum, flags in
        fftwf_plan_many_dft_r2c(
          Int32(lengths.count), lengths, batch,
          reals, nil, 1, realDistance, complexes(spectrum), nil, 1, complexDistance, flags)
      },
      planBackward: { lengths, batch, realDistance, complexDistance, reals, spectrum, flags in
        fftwf_plan_many_dft_c2r(
          Int32(lengths.count), lengths, batch,
          complexes(spectrum), nil, 1, complexDistance, reals, nil, 1, realDistance, flags)
      },
      executeComplex: { fftwf_execute_dft($0, complexes($1), complexes($2)) },
      executeForward: { fftwf_execute_dft_r2c($0, $1, complexes($2)) },
      executeBackward: { fftwf_execute_dft_c2r($0, complexes($2), $1) },
      destroy: { fftwf_destroy_plan($0) },
      setTimeLimit: { fftwf_set_timelimit($0) },
      useOneThread: {
        _ = fftwf_init_threads()
        fftwf_plan_with_nthreads(1)
      },
      importWisdom: { fftwf_import_wisdom_from_string($0) != 0 },
      exportWisdom: {
        guard let text = fftwf_export_wisdom_to_string() else { return nil }
        defer { free(text) }
        return String(cString: text)
      }),
    matrices: MatrixFunctions(
      gemm: { transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc in
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
          m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
      },
      syrk: { n, k, alpha, a, lda, beta, c, ldc in
        cblas_ssyrk(
          CblasRowMajor, CblasUpper, CblasNoTrans, n, k, alpha, a, lda, beta, c, ldc)
      }))
}

/// FFTW's complex numbers are two reals beside each other.
private func complexes(_ reals: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<fftwf_complex>
{
  UnsafeMutableRawPointer(reals).assumingMemoryBound(to: fftwf_complex.self)
}

private func withC(
  _ tile: LaneTile<Float>, _ body: (UnsafePointer<concord_transform_f32>) -> Void
) {
  var c = concord_transform_f32(
    planes: inC(tile.planes), rows: inC(tile.rows), columns: inC(tile.columns),
    row_stride: tile.rowStride, plane_stride: tile.planeStride, kept: tile.kept.c,
    twist: tile.twist)
  body(&c)
}

private func inC(_ axis: LaneTile<Float>.Axis) -> concord_axis_f32 {
  concord_axis_f32(
    length: axis.length, passes: axis.passes, radices: axis.radices, twiddles: axis.twiddles)
}
