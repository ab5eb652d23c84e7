/// The lag of each output of a correlation of `n` with `m` elements, found with impulses.
///
/// An output that answers to the pair f = δ(i - a), w = δ(i - b) stands for the lag a - b: by how
/// much the first signal's feature comes later than the second's.
///
/// - Throws: As ``NaiveArray/filtered(with:_:)``.
public func naiveLags(
  _ n: Int, _ m: Int, mode: NaiveMode, centring: NaiveCentring = .scipy
) throws(NaiveError) -> [Int] {
  var lags: [Int: Int] = [:]
  for a in 0..<n {
    for b in 0..<m {
      let f = NaiveArray((0..<n).map { $0 == a ? 1 : 0 })
      let w = NaiveArray((0..<m).map { $0 == b ? 1 : 0 })
      let response = try f.correlated(with: w, mode: mode, centring: centring)
      for i in response.values.indices where response.values[i] != 0 {
        precondition(lags[i] == nil || lags[i] == a - b, "An output stands for two lags")
        lags[i] = a - b
      }
    }
  }
  return lags.sorted { $0.key < $1.key }.map(\.value)
}
