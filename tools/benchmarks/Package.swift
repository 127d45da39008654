// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "trunkledger", path: "../.."),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    ],
    targets: [
        .target(name: "PlainLMDB", linkerSettings: [.linkedLibrary("lmdb")]),
        .target(name: "PlainSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "PlainLMDB", "PlainSQLite",
                .product(name: "BenchmarkSupport", package: "trunkledger"),
                .product(name: "Ledger", package: "trunkledger"),
                .product(name: "Projections", package: "trunkledger"),
                .product(name: "TrunkEvents", package: "trunkledger"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny")]),
    ],
    swiftLanguageModes: [.v6]
)
