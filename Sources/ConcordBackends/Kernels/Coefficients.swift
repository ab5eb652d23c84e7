import ConcordKernels

/// What correlation coefficients are made of besides the sums of windows, and when those are beyond doubt.
package struct CoefficientTerms: Sendable {
  /// Elements of a window, inverted.
  package var inverseCount: Double
  /// What was subtracted from the elements of windows.
  package var shift: Double
  /// What products are multiplied with, and sums before they are subtracted.
  package var gain: Double
  package var residue: Double
  /// The least energy of a window relative to its sum of squares, and to the square of its mean.
  package var leastShare: Double
  package var leastContrast: Double
  /// The least energy of a window.
  package var leastEnergy: Double

  package init(
    inverseCount: Double, shift: Double, gain: Double, residue: Double, leastShare: Double,
    leastContrast: Double, leastEnergy: Double
  ) {
    self.inverseCount = inverseCount
    self.shift = shift
    self.gain = gain
    self.residue = residue
    self.leastShare = leastShare
    self.leastContrast = leastContrast
    self.leastEnergy = leastEnergy
  }
}

extension BackendScalar {
  /// Turns sums of products into correlation coefficients, in -1...1, where all windows are beyond doubt.
  ///
  /// With energies e = Σx² - (Σx)²/n of windows about the shift, scores become (gain · product - residue · Σx) / √e.
  /// Nothing is written, and the answer is false, if a window's energy is below one of the least ones or far
  /// from where numbers have all their digits, or if a product is not finite.
  ///
  /// - Parameters:
  ///   - scores: Sums of products, of which those in `range` become coefficients.
  ///   - range: Which ones.
  ///   - sums: Σx of windows, `first` of which belongs to the first score.
  ///   - first: Its index.
  ///   - squares: How much further Σx² follow in `sums`.
  ///   - terms: What else they are made of.
  /// - Returns: Whether they were made.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func makeCoefficients(
    _ scores: inout MutableSpan<Self>, in range: Range<Int>, sums: Span<Double>, first: Int,
    squares: Int, _ terms: CoefficientTerms
  ) -> Bool {
    precondition(range.lowerBound >= 0 && range.upperBound <= scores.count)
    precondition(first >= 0 && squares + first + range.count <= sums.count)
    var limits = concord_coefficient_terms(
      inverse_count: terms.inverseCount, shift: terms.shift, gain: terms.gain,
      residue: terms.residue, least_share: terms.leastShare,
      least_contrast: terms.leastContrast, least_energy: max(terms.leastEnergy, 1e-30),
      most_energy: 1e30)
    let made = scores.withUnsafeMutableBufferPointer { scores in
      sums.withUnsafeBufferPointer { sums -> Int32 in
        guard let out = scores.baseAddress, let start = sums.baseAddress else { return 1 }
        return _backend.kernels.coefficients(
          &limits, start + first, start + first + squares, range.count, out + range.lowerBound)
      }
    }
    return made != 0
  }

  /// Turns sums of products into coefficients by the reciprocals of what they are divided by.
  ///
  /// They become (gain · product - residue · Σx) · contrast, cut off at -1 and 1. NaN stays.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func scaleByContrasts(
    _ scores: inout MutableSpan<Self>, in range: Range<Int>, sums: Span<Double>,
    contrasts: Span<Double>, gain: Double, residue: Double
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= scores.count)
    precondition(range.upperBound <= sums.count && range.upperBound <= contrasts.count)
    scores.withUnsafeMutableBufferPointer { scores in
      sums.withUnsafeBufferPointer { sums in
        contrasts.withUnsafeBufferPointer { contrasts in
          guard let out = scores.baseAddress, let sums = sums.baseAddress,
            let contrasts = contrasts.baseAddress
          else { return }
          let start = range.lowerBound
          _backend.kernels.scaleByContrasts(
            sums + start, contrasts + start, gain, residue, range.count, out + start)
        }
      }
    }
  }

  /// Lets scores, times a sign, take the places of lower ones, and their label those of others.
  ///
  /// - Parameters:
  ///   - scores: The scores; NaN is none.
  ///   - sign: 1, or -1 where low ones are good.
  ///   - label: Whose they are.
  ///   - best: The best so far, times the sign.
  ///   - labels: Whose those are.
  ///   - start: The index of the first that is compared.
  /// - Returns: The best of the scores, times the sign.
  @_specialize(exported:false,where Self == Float)
  @_specialize(exported:false,where Self == Double)
  package static func takeBest(
    _ scores: Span<Self>, sign: Self, label: Int32, into best: inout MutableSpan<Self>,
    _ labels: inout MutableSpan<Int32>, at start: Int
  ) -> Self {
    precondition(start >= 0 && start + scores.count <= best.count)
    precondition(start + scores.count <= labels.count)
    return scores.withUnsafeBufferPointer { scores in
      best.withUnsafeMutableBufferPointer { best in
        labels.withUnsafeMutableBufferPointer { labels in
          guard let best = best.baseAddress, let labels = labels.baseAddress else {
            return -Self.infinity
          }
          return _backend.kernels.takeBest(
            scores.baseAddress, sign, label, scores.count, best + start, labels + start)
        }
      }
    }
  }
}
