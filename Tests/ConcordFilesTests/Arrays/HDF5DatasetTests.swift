import ConcordArrays
import ConcordBackends
import ConcordFiles
import ConcordMediaBackends
import Dispatch
import Synchronization
import Testing

@Suite struct HDF5DatasetTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("stack.h5")
    let elements = (0..<(6 * 20 * 30)).map { Float($0) }
    try HDF5Writer.write(
      [
        .init(
          "entry/data", extents: [6, 20, 30], elements: .float32(SharedBuffer(elements)),
          layout: .init(chunk: [1, 8, 16], deflate: 4)),
        .init("flat", extents: [1, 1, 20, 180], elements: .float32(SharedBuffer(elements))),
        .init("number", extents: [], elements: .int32(SharedBuffer([-7]))),
        .init("huge", unwritten: [100_000, 100_000], .init(chunk: [100, 100])),
        .init("hugeFlat", unwritten: [100_000, 100_000], .init()),
        .init("small", unwritten: [3, 4], .init()),
      ], to: path)
  }

  @Test func readsBoxes() throws {
    let dataset = try HDF5Dataset(path + ":/entry/data")
    #expect(dataset.shape == [6, 20, 30] && dataset.elementType == .float32)
    let box: Volume<Float> = try dataset.read([2..<4, 5..<17, 14..<19]).array()
    #expect(
      box
        == Volume(shape: [2, 12, 5]) {
          Float((($0[0] + 2) * 20 + $0[1] + 5) * 30 + $0[2] + 14)
        })
    let whole: Volume<Float> = try dataset.read().array()
    #expect(whole.elements == (0..<3600).map { Float($0) })
    #expect(try dataset.read([1..<1, 0..<2, 0..<3]).shape == [0, 2, 3])
  }

  @Test func boxesLeaveOutDroppedAxes() throws {
    let dataset = try HDF5Dataset(path + ":/flat")
    #expect(dataset.shape == [1, 20, 180])
    let row: Volume<Double> = try dataset.read([0..<1, 3..<4, 10..<12]).array()
    #expect(row.elements == [550, 551])
    let number: Signal<Double> = try HDF5Dataset(path + ":/number").read().array()
    #expect(number.elements == [-7])
  }

  @Test(arguments: [[0..<7, 0..<1, 0..<1], [-1..<1, 0..<1, 0..<1], [0..<1, 0..<1]])
  func boxesOutsideAreErrors(_ ranges: [Range<Int>]) throws {
    let dataset = try HDF5Dataset(path + ":/entry/data")
    #expect(throws: ConcordError.outside(region: ranges, shape: [6, 20, 30])) {
      try dataset.read(ranges)
    }
  }

  @Test func claimsWithoutDataAreRefused() throws {
    for name in ["huge", "hugeFlat"] {
      let found = problem(reading: path + ":/" + name)
      #expect(found?.contains("from the 0 stored, found a claim of 100000 × 100000") == true)
      let dataset = try HDF5Dataset(path + ":/" + name)
      let part: Image<Float> = try dataset.read([99_990..<100_000, 5..<8]).array()
      #expect(part == Image(shape: [10, 3], repeating: 0))
    }
    let small: Image<Float> = try FileArray.read(path + ":/small").array()
    #expect(small == Image(shape: [3, 4], repeating: 0))
  }

  @Test func readsFromManyThreads() throws {
    let dataset = try HDF5Dataset(path + ":/entry/data")
    let failures = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 24) { index in
      let plane = index % 6
      let volume: Volume<Float>? = try? dataset.read([plane..<(plane + 1), 0..<20, 0..<30]).array()
      if volume?[0, 19, 29] != Float(plane * 600 + 599) {
        failures.wrappingAdd(1, ordering: .relaxed)
      }
    }
    #expect(failures.load(ordering: .relaxed) == 0)
  }
}

extension HDF5Writer.Dataset {
  init(_ name: String, unwritten extents: [Int], _ layout: HDF5Writer.Layout) {
    self.init(unwritten: name, extents: extents, element: .float32, layout: layout)
  }
}
