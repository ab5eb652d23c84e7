// swift-tools-version: 6.2
import PackageDescription

// MARK: - Settings

/// Every Swift target speaks the same dialect.
let settings: [SwiftSetting] = [
  .enableExperimentalFeature("Lifetimes"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// Everything but the two backend targets is checked to be free of unsafe code.
let safeSettings = settings + [.strictMemorySafety()]

let numerics = Target.Dependency.product(name: "ComplexModule", package: "swift-numerics")
let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

// MARK: - Targets

let systemLibraries: [Target] = [
  .systemLibrary(
    name: "CFFTW", path: "CFFTW", pkgConfig: "fftw3f",
    providers: [.apt(["libfftw3-dev"]), .brew(["fftw"])]),
  .systemLibrary(
    name: "COpenBLAS", path: "COpenBLAS", pkgConfig: "openblas",
    providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
  .systemLibrary(
    name: "CPNG", path: "CPNG", pkgConfig: "libpng",
    providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
  .systemLibrary(
    name: "CTIFF", path: "CTIFF", pkgConfig: "libtiff-4",
    providers: [.apt(["libtiff-dev"]), .brew(["libtiff"])]),
  .systemLibrary(
    name: "CHDF5", path: "CHDF5", pkgConfig: "hdf5",
    providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
  .systemLibrary(
    name: "CCairo", path: "CCairo", pkgConfig: "cairo",
    providers: [.apt(["libcairo2-dev"]), .brew(["cairo"])]),
]

let engine: [Target] = [
  .target(name: "ConcordKernels", exclude: ["templates"]),
  .target(
    name: "ConcordBackends",
    dependencies: ["ConcordKernels", "CFFTW", "COpenBLAS", realModule],
    swiftSettings: settings),
  .target(
    name: "ConcordArrays", dependencies: ["ConcordBackends", numerics, realModule],
    swiftSettings: safeSettings),
  .target(
    name: "ConcordFiltering",
    dependencies: ["ConcordArrays", "ConcordBackends", numerics, realModule],
    swiftSettings: safeSettings),
  .target(
    name: "ConcordMatching",
    dependencies: ["ConcordFiltering", "ConcordArrays", "ConcordBackends", realModule],
    swiftSettings: safeSettings),
  .target(
    name: "Concord",
    dependencies: ["ConcordArrays", "ConcordFiltering", "ConcordMatching", numerics],
    swiftSettings: safeSettings),
]

let filesAndPictures: [Target] = [
  .target(name: "CMediaShims", dependencies: ["CPNG", "CTIFF", "CHDF5"]),
  .target(
    name: "ConcordMediaBackends",
    dependencies: ["CPNG", "CTIFF", "CHDF5", "CCairo", "CMediaShims", "ConcordBackends"],
    swiftSettings: settings),
  .target(
    name: "ConcordFiles",
    dependencies: [
      "Concord", "ConcordArrays", "ConcordBackends", "ConcordMediaBackends", numerics,
    ],
    swiftSettings: safeSettings),
  .target(
    name: "ConcordPictures",
    dependencies: ["Concord", "ConcordArrays", "ConcordMatching", "ConcordMediaBackends"],
    swiftSettings: safeSettings),
]

let tools: [Target] = [
  .target(name: "NaiveReference", swiftSettings: safeSettings),
  .executableTarget(
    name: "ConcordCLI",
    dependencies: [
      "Concord", "ConcordFiles", "ConcordPictures", "ConcordBackends", arguments,
    ],
    swiftSettings: safeSettings),
  .executableTarget(
    name: "ConcordBench",
    dependencies: ["Concord", "ConcordFiles", "ConcordBackends", "NaiveReference", arguments],
    swiftSettings: safeSettings),
]

let tests: [Target] = [
  .target(
    name: "ConcordTestSupport", dependencies: ["ConcordArrays", "NaiveReference", numerics],
    path: "Tests/ConcordTestSupport", swiftSettings: safeSettings),
  .testTarget(
    name: "ConcordArraysTests",
    dependencies: [
      "ConcordArrays", "ConcordBackends", "ConcordTestSupport", "NaiveReference", numerics,
    ],
    swiftSettings: safeSettings),
  .testTarget(
    name: "NaiveReferenceTests", dependencies: ["NaiveReference"], exclude: ["Fixtures"],
    swiftSettings: safeSettings),
  .testTarget(
    name: "ConcordFilteringTests",
    dependencies: [
      "ConcordFiltering", "ConcordArrays", "ConcordBackends", "ConcordTestSupport",
      "NaiveReference", numerics,
    ],
    exclude: ["Fixtures"], swiftSettings: safeSettings),
  .testTarget(
    name: "ConcordCLITests",
    dependencies: [
      "ConcordCLI", "Concord", "ConcordBackends", "ConcordFiles", "ConcordTestSupport",
    ],
    swiftSettings: safeSettings),
  .testTarget(
    name: "ConcordBenchTests",
    dependencies: ["ConcordBench", "Concord", "ConcordFiles", "NaiveReference", arguments],
    swiftSettings: safeSettings),
  .testTarget(
    name: "ConcordBackendsTests",
    dependencies: ["ConcordBackends", "ConcordTestSupport", "NaiveReference", realModule],
    swiftSettings: settings),
  .testTarget(
    name: "ConcordMatchingTests",
    dependencies: [
      "ConcordMatching", "ConcordFiltering", "ConcordArrays", "ConcordBackends",
      "ConcordTestSupport", "NaiveReference",
    ],
    swiftSettings: safeSettings),
  .testTarget(
    name: "ConcordPicturesTests",
    dependencies: ["ConcordPictures", "ConcordArrays", "ConcordMediaBackends"],
    swiftSettings: settings),
  .testTarget(
    name: "ConcordFilesTests",
    dependencies: [
      "ConcordFiles", "ConcordMediaBackends", "ConcordBackends", "ConcordArrays", numerics,
    ],
    exclude: ["Fixtures/make-fixtures.py"],
    swiftSettings: settings),
]

// MARK: - Package

let package = Package(
  name: "concord",
  platforms: [.macOS("26.0")],
  products: [
    .library(name: "Concord", targets: ["Concord"]),
    .library(name: "ConcordFiles", targets: ["ConcordFiles"]),
    .library(name: "ConcordPictures", targets: ["ConcordPictures"]),
    .executable(name: "concord", targets: ["ConcordCLI"]),
    .executable(name: "concord-bench", targets: ["ConcordBench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.0"),
  ],
  targets: systemLibraries + engine + filesAndPictures + tools + tests,
  swiftLanguageModes: [.v6]
)
