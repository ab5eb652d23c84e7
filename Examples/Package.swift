// swift-tools-version: 6.2
import PackageDescription

// A package of its own that depends on the library as any other would.
let package = Package(
  name: "concord-examples",
  platforms: [.macOS("26.0")],
  dependencies: [.package(name: "concord", path: "..")],
  targets: [
    "CompareWindows", "FilterStream", "FindOrientation", "FindTemplate", "LocatePeaks",
    "MatchMasked", "MeasureDelay", "SmoothImage",
  ].map {
    .executableTarget(
      name: $0, dependencies: [.product(name: "Concord", package: "concord")],
      swiftSettings: [.strictMemorySafety()])
  },
  swiftLanguageModes: [.v6]
)
