package import ConcordBackends

/// Memory that calls of plans and matchers work in, kept from one call to the next.
///
/// A call makes scratch arrays: tiles, spectra, and copies of images with NaN in them. With a
/// workspace the first call makes them and further ones find them; with an array that takes the
/// result, they allocate nothing that grows with an image.
///
///     let plan = try ConvolutionPlan(image: frames[0].shape, kernel: kernel, .convolution)
///     var workspace = plan.makeWorkspace()
///     var smooth = Image<Float>(shape: plan.outputShape, repeating: 0)
///     for frame in frames {
///       try plan(frame, into: &smooth, using: &workspace)
///       show(smooth)
///     }
///
/// A workspace belongs to one call at a time, which the compiler sees to: it can't be copied, and a
/// call borrows it for writing. Threads that share a plan have one each. It serves any plan, and
/// grows to what the largest has needed. What an earlier call left in it never shows in a result.
public struct Workspace: ~Copyable, Sendable {
  /// Where memory is kept.
  package let arena = ScratchArena()

  /// An empty workspace.
  public init() {}

  /// The bytes that the workspace holds.
  public var byteCount: Int { arena.byteCount }

  /// Does work whose scratch memory is the workspace's.
  package mutating func lend<Result, Failure: Error>(
    to work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var outcome: Swift.Result<Result, Failure>?
    ScratchArena.using(arena) {
      do throws(Failure) {
        outcome = .success(try work())
      } catch {
        outcome = .failure(error)
      }
    }
    guard let outcome else { preconditionFailure("The work was not done") }
    return try outcome.get()
  }
}
