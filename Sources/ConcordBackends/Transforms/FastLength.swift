/// The smallest length at or above `minimum` that FFTW transforms quickly.
///
/// FFTW has fast code for 2, 3, 5 and 7, and for one factor of 11 or 13. Among the lengths up to an
/// eighth above the minimum the one with the least estimated work is taken: few odd factors, and
/// even, so that vectors are full. Lengths are O(log) many, so the search is quick for any size.
package func fastTransformLength(atLeast minimum: Int) -> Int {
  guard minimum > 16 else { return max(minimum, 1) }
  var best = minimum
  var bestWork = Double.infinity
  let limit = minimum + minimum / 8 + 1
  for tail in [1, 11, 13] {
    var seven = tail
    while seven <= limit {
      var five = seven
      while five <= limit {
        var three = five
        while three <= limit {
          var length = three
          while length < minimum { length *= 2 }
          if length <= limit {
            let work = transformWork(length)
            if work < bestWork || (work == bestWork && length < best) {
              best = length
              bestWork = work
            }
          }
          three *= 3
        }
        five *= 5
      }
      seven *= 7
    }
  }
  if bestWork == .infinity {
    // No such length is near: the next power of two always is one.
    best = 1
    while best < minimum { best *= 2 }
  }
  return best
}

/// An estimate of the work of a transform of `length` complex values, in units of one butterfly.
///
/// The weights of the factors follow FFTW's codelets: multiplications and additions per value and
/// factor, with a surcharge for lengths that leave vectors half empty.
package func transformWork(_ length: Int) -> Double {
  var rest = length
  var perValue = 1.0
  let weights: [(factor: Int, weight: Double)] = [
    (2, 1.0), (3, 1.9), (5, 3.1), (7, 4.4), (11, 7.5), (13, 8.8),
  ]
  for (factor, weight) in weights {
    while rest % factor == 0 {
      rest /= factor
      perValue += weight
    }
  }
  if rest > 1 {
    // A large prime: Rader's or Bluestein's algorithm, two or three transforms of twice the size.
    var logarithm = 1.0
    var size = 1
    while size < rest {
      size *= 2
      logarithm += 1
    }
    perValue += 6 * logarithm
  }
  let surcharge = length % 4 == 0 ? 1.0 : length % 2 == 0 ? 1.15 : 1.35
  return Double(length) * perValue * surcharge
}
