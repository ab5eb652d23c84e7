import Synchronization

/// A plan that many transforms share.
package final class SharedPlan<Scalar: BackendScalar>: Sendable {
  package let plan: FFTWPlan<Scalar>

  init(_ description: TransformDescription) {
    plan = FFTWPlan(description)
  }
}

/// Plans by what they transform, made once in a process and safe to use from any thread.
package enum PlanCache {
  private struct Key: Hashable {
    let scalarSize: Int
    let description: TransformDescription
  }

  private static let plans = Mutex<[Key: any Sendable & AnyObject]>([:])

  /// The plan for a transform.
  ///
  /// Planning happens outside the cache's lock: others need not wait.
  package static func plan<Scalar: BackendScalar>(
    _ description: TransformDescription, for scalar: Scalar.Type
  ) -> SharedPlan<Scalar> {
    let key = Key(scalarSize: MemoryLayout<Scalar>.size, description: description)
    if let known = plans.withLock({ $0[key] }) as? SharedPlan<Scalar> { return known }
    let made = SharedPlan<Scalar>(description)
    return plans.withLock { plans in
      // Another thread may have been first; all must share one plan to get the same bits.
      if let known = plans[key] as? SharedPlan<Scalar> { return known }
      plans[key] = made
      return made
    }
  }
}
