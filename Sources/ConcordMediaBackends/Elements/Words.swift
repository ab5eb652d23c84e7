package import ConcordBackends

/// Reverses the bytes of each word in place.
package func swapBytes<Element>(of buffer: inout SharedBuffer<Element>, wordBytes: Int) {
  var span = buffer.mutableSpan
  span.withUnsafeMutableBufferPointer { elements in
    let bytes = UnsafeMutableRawBufferPointer(elements)
    switch wordBytes {
    case 2: swapWords(bytes.bindMemory(to: UInt16.self))
    case 4: swapWords(bytes.bindMemory(to: UInt32.self))
    case 8: swapWords(bytes.bindMemory(to: UInt64.self))
    default: break
    }
  }
}

private func swapWords<Word: FixedWidthInteger>(_ words: UnsafeMutableBufferPointer<Word>) {
  for index in words.indices { words[index] = words[index].byteSwapped }
}

/// Brings elements in column-major (Fortran) order into row-major order of three axes.
package func rowMajor<Element>(
  _ source: SharedBuffer<Element>, extents: [Int]
) -> SharedBuffer<Element> {
  precondition(extents.count == 3 && extents.reduce(1, *) == source.count, "Extents of three axes")
  var result = SharedBuffer<Element>(uninitializedCount: source.count)
  var out = result.mutableSpan
  source.span.withUnsafeBufferPointer { source in
    out.withUnsafeMutableBufferPointer { out in
      let from = UnsafeRawBufferPointer(source)
      let to = UnsafeMutableRawBufferPointer(out)
      switch MemoryLayout<Element>.stride {
      case 1: reorder(from, to, extents, UInt8.self)
      case 2: reorder(from, to, extents, UInt16.self)
      case 4: reorder(from, to, extents, UInt32.self)
      case 8: reorder(from, to, extents, UInt64.self)
      default: reorder(from, to, extents, SIMD2<UInt64>.self)
      }
    }
  }
  return result
}

/// Reorders words in squares that stay in the first cache, whichever side is strided.
///
/// The elements may be less aligned than the word (complex numbers), hence the unaligned loads.
private func reorder<Word: BitwiseCopyable>(
  _ from: UnsafeRawBufferPointer, _ to: UnsafeMutableRawBufferPointer, _ extents: [Int],
  _ type: Word.Type
) {
  let (first, middle, last) = (extents[0], extents[1], extents[2])
  let size = MemoryLayout<Word>.stride
  let side = 32
  for plane in 0..<middle {
    for top in stride(from: 0, to: first, by: side) {
      for left in stride(from: 0, to: last, by: side) {
        for row in top..<min(top + side, first) {
          for column in left..<min(left + side, last) {
            let word = from.loadUnaligned(
              fromByteOffset: (row + first * (plane + middle * column)) * size, as: Word.self)
            to.storeBytes(
              of: word, toByteOffset: ((row * middle + plane) * last + column) * size,
              as: Word.self)
          }
        }
      }
    }
  }
}
