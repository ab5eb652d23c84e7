/// The correlation with a sum of products of one factor for each axis.
///
///     out[p] = Σ_t Σ a_t[i] b_t[j] c_t[k] F[p + (i, j, k) + offset]
///
/// Each row of the image is filtered along itself for every term, and kept while windows reach it;
/// the sums over rows, planes and terms are completed in cache and written once. F goes on beyond
/// its edges by a rule that is applied where rows are read.
package struct SeparableTiles<Scalar: BackendScalar>: Sendable {
  package let cut: SeparableCut
  /// The factors of the three axes for each term; a single tap for an axis that is left as it is.
  package let terms: [[SharedBuffer<Scalar>]]

  package init(terms: [[SharedBuffer<Scalar>]], output: Extents) {
    precondition(!terms.isEmpty && terms.allSatisfy { $0.count == 3 })
    let kernel = Extents { terms[0][$0].count }
    precondition(terms.allSatisfy { term in (0..<3).allSatisfy { term[$0].count == kernel[$0] } })
    // Lone taps along planes go with the rows': there is no pass for them.
    self.terms =
      kernel.planes > 1
      ? terms
      : terms.map { term in
        let tap = term[0][0]
        return tap == 1
          ? term : [term[0], SharedBuffer((0..<kernel.rows).map { tap * term[1][$0] }), term[2]]
      }
    cut = SeparableCut(
      kernel: kernel, output: output, terms: terms.count,
      scalarSize: MemoryLayout<Scalar>.stride)
  }

  /// Correlates an image, from whose values `shift` is subtracted first.
  ///
  /// - Returns: Whether every output is finite.
  @_specialize(exported:false,where Scalar == Float)
  @_specialize(exported:false,where Scalar == Double)
  package func correlate(
    _ image: SharedBuffer<Scalar>, extents: Extents, offset: Extents, edges: Extension,
    shift: Scalar, threads: Int, into out: inout SharedBuffer<Scalar>
  ) -> Bool {
    precondition(image.count >= extents.count && out.count >= cut.output.count)
    let source = SeparableSource(
      base: image.base, extents: extents, offset: offset, edges: edges, shift: shift)
    let target = UncheckedSendable(out.mutableBase())
    let areFinite = Flag()
    forEachTask(cut.count, threads: threads) {
      SeparableTask(cut: cut, terms: terms)
    } body: { index, task in
      let (start, count) = cut.task(index)
      let isFinite =
        cut.kernel.planes == 1
        ? task.filterRows(of: source, start, count, into: target.value)
        : task.filterPlanes(of: source, start, count, into: target.value)
      if !isFinite { areFinite.clear() }
    }
    return areFinite.isSet
  }
}
