import Foundation

/// The bytes of an array of the given extents; nil if that is no number of this machine.
///
/// Extents of 0 count as 1, so that products of some of the extents are numbers too.
package func byteCount(of extents: [Int], elementBytes: Int) -> Int? {
  var product = elementBytes
  var isEmpty = false
  for extent in extents {
    guard extent >= 0 else { return nil }
    let (next, overflow) = product.multipliedReportingOverflow(by: max(extent, 1))
    guard !overflow else { return nil }
    product = next
    isEmpty = isEmpty || extent == 0
  }
  return isEmpty ? 0 : product
}

/// Checks what a compressed file claims to hold against what its size can hold.
///
/// No method packs data more than `ratio` times, so a larger claim is damaged or hostile and is
/// refused before anything is allocated for it.
func checkClaim(
  extents: [Int], elementBytes: Int, packedBytes: Int, ratio: Int
) throws(MediaProblem) -> Int {
  let (scaled, overflow) = packedBytes.multipliedReportingOverflow(by: ratio)
  let limit = overflow ? Int.max : scaled
  guard let bytes = byteCount(of: extents, elementBytes: elementBytes), bytes <= limit else {
    let shape = extents.filter { $0 != 1 }.map(String.init).joined(separator: " × ")
    throw MediaProblem(
      "expected at most \(limit) bytes of elements from \(packedBytes) bytes of file, found a "
        + "claim of \(shape) elements of \(elementBytes) bytes")
  }
  try checkMemory(bytes)
  return bytes
}

/// Refuses an allocation that this machine cannot serve.
package func checkMemory(_ bytes: Int) throws(MediaProblem) {
  let limit = Int(clamping: ProcessInfo.processInfo.physicalMemory)
  guard bytes <= limit, canReserve(bytes) else {
    throw MediaProblem(
      "too large for this machine: expected at most \(limit) bytes, found \(bytes)")
  }
}

/// Whether the system would serve an allocation; small ones are not worth the question.
private func canReserve(_ bytes: Int) -> Bool {
  guard bytes > 1 << 26 else { return true }
  let memory = mmap(
    nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
  guard let memory, memory != MAP_FAILED else { return false }
  munmap(memory, bytes)
  return true
}
