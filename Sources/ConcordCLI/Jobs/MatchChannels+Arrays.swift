import Concord
import ConcordFiles

extension MatchChannels {
  /// What is matched of a file: its luminance, or its colours.
  func arrays<let rank: Int, S: RealScalar>(
    of file: FileArray
  ) throws(ConcordError) -> [NDArray<rank, S>] {
    if self == .luminance { return [try file.array()] }
    return Array(try file.channelArrays().prefix(file.colors))
  }
}
