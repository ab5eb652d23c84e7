import ArgumentParser
import Concord

/// How places are fitted between pixels.
enum SubpixelKind: String, ExpressibleByArgument, CaseIterable {
  case newton
  case polynomial
  case gaussian
}

/// Which places of a map of scores are told, and how.
struct PeakArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Tell the N best places (default: 1, or 100 with --threshold).", valueName: "n"))
  var top: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Tell only places of at least this score, or at most for ssd and nssd.", valueName: "t"))
  var threshold: Double?

  @Option(
    help: ArgumentHelp(
      "How far places are apart along some axis, one number or one for each axis (default: half the "
        + "template).", valueName: "d"), transform: Offsets.parsed)
  var minDistance: Offsets?

  @Option(
    help: ArgumentHelp(
      "Places are the best within this distance along every axis (default: 1). With --min-distance D "
        + "--neighborhood D they are those of scikit-image's peak_local_max.", valueName: "d"),
    transform: Offsets.parsed)
  var neighborhood: Offsets?

  @Option(
    help: ArgumentHelp(
      "Tell no places within so many scores of the map's border (default: 0).", valueName: "n"),
    transform: Offsets.parsed)
  var excludeBorder: Offsets?

  @Flag(
    help: ArgumentHelp(
      "Place them between pixels as well.",
      discussion: "Where no peak can be fitted around a place, its subpixel field is null."))
  var subpixel = false

  @Option(help: "How to (implies --subpixel; default: newton).")
  var subpixelMethod: SubpixelKind?

  @Option(
    help: ArgumentHelp(
      "The pixels along each axis that a polynomial is fitted to (default: 3).", valueName: "n"))
  var subpixelSize: Int?

  @Option(
    help: ArgumentHelp(
      "Tell the interval in which the true score lies with this probability, such as 0.95.",
      discussion: "By Fisher's z, and the number of pixels that count, as neighbours are alike.",
      valueName: "level"))
  var confidence: Double?

  @Option(
    help: ArgumentHelp("Write the places into a table as well.", valueName: "file.csv"))
  var peaks: String?

  func validate() throws {
    if let top, !(1...100_000).contains(top) {
      throw ValidationError("--top: expected 1 to 100000, found \(top)")
    }
    if let threshold, !threshold.isFinite {
      throw ValidationError("--threshold: expected a finite number, found \(threshold)")
    }
    for (name, list, least) in [
      ("--min-distance", minDistance, 1), ("--neighborhood", neighborhood, 1),
      ("--exclude-border", excludeBorder, 0),
    ] {
      if let value = list?.values.first(where: { $0 < least }) {
        throw ValidationError("\(name): expected numbers of at least \(least), found \(value)")
      }
    }
    if let subpixelSize {
      guard subpixelMethod == .polynomial else {
        throw ValidationError("--subpixel-size: expected --subpixel-method polynomial with it")
      }
      if subpixelSize < 3 || subpixelSize % 2 == 0 {
        throw ValidationError(
          "--subpixel-size: expected an odd number of at least 3, found \(subpixelSize)")
      }
    }
    if let confidence, !(confidence > 0 && confidence < 1) {
      throw ValidationError("--confidence: expected a number between 0 and 1, found \(confidence)")
    }
    if let peaks, !peaks.lowercased().hasSuffix(".csv") {
      throw ValidationError("--peaks: expected a name that ends in .csv, found '\(peaks)'")
    }
  }

  /// What was asked for.
  var search: PeakSearch {
    PeakSearch(
      count: top ?? (threshold == nil ? 1 : 100), threshold: threshold,
      minimumDistance: minDistance?.values, neighborhood: neighborhood?.values,
      border: excludeBorder?.values, subpixel: method, confidence: confidence, table: peaks)
  }

  private var method: SubpixelMethod? {
    switch subpixelMethod ?? (subpixel ? .newton : nil) {
    case .newton: .newton
    case .polynomial: .polynomial(size: subpixelSize ?? 3)
    case .gaussian: .gaussian
    case nil: nil
    }
  }
}
