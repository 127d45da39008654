// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// Decoders borrow the bytes they read and cannot outlive them.
let borrowing = strict + [.enableExperimentalFeature("Lifetimes")]

/// Modules that touch C memory mark each unsafe expression.
let strictMemory = borrowing + [.strictMemorySafety()]

let package = Package(
    name: "trunkledger",
    products: [
        .library(name: "TrunkEvents", targets: ["TrunkEvents"]),
        .library(name: "Ledger", targets: ["Ledger"]),
        .library(name: "SIPAgent", targets: ["SIPAgent"]),
        .library(name: "Projections", targets: ["Projections"]),
        // For tools/benchmarks, which is a package of its own.
        .library(name: "BenchmarkSupport", targets: ["CallTraffic", "MallocCounter"]),
        .executable(name: "trunkledger", targets: ["trunkledger"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CLMDB", path: "Sources/CLMDB", pkgConfig: "lmdb",
            providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(
            name: "CZstd", path: "Sources/CZstd", pkgConfig: "libzstd",
            providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(
            name: "CNettle", path: "Sources/CNettle", pkgConfig: "nettle",
            providers: [.apt(["nettle-dev"])]),
        .systemLibrary(
            name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CAres", path: "Sources/CAres", pkgConfig: "libcares",
            providers: [.apt(["libc-ares-dev"])]),
        .systemLibrary(name: "CMalloc", path: "Sources/CMalloc"),
        .target(name: "CDatagram"),
        .target(name: "CTransfer"),
        .target(name: "TrunkEvents", swiftSettings: borrowing),
        .target(
            name: "Ledger",
            dependencies: [
                "CLMDB", "CNettle", "CZstd", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strictMemory),
        .target(
            name: "SIPAgent",
            dependencies: [
                "CDatagram", "TrunkEvents",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: strictMemory),
        .target(
            name: "Projections",
            dependencies: [
                "Ledger", "TrunkEvents", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(
            name: "Delivery",
            dependencies: ["CTransfer", "CZlib", "Ledger", "Projections", "TrunkEvents"],
            swiftSettings: strictMemory),
        .target(
            name: "Recorder",
            dependencies: [
                "CAres", "CMalloc", "Ledger", "Projections", "SIPAgent", "TrunkEvents",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "trunkledger",
            dependencies: [
                "Delivery", "Ledger", "Projections", "Recorder", "SIPAgent", "TrunkEvents",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "tools/trunkledger",
            swiftSettings: strict),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "TrunkEventsTests", dependencies: ["TrunkEvents", "TestSupport"],
            swiftSettings: strict),
        .target(name: "CDiskFaults", path: "Tests/CDiskFaults"),
        .target(name: "MallocCounter", path: "Tests/MallocCounter"),
        .target(
            name: "CallTraffic", dependencies: ["Ledger", "TestSupport", "TrunkEvents"],
            path: "Tests/CallTraffic", swiftSettings: strict),
        .executableTarget(
            name: "TrafficWorkload",
            dependencies: [
                "CallTraffic", "Ledger", "MallocCounter", "Projections", "TestSupport",
                "TrunkEvents",
            ],
            path: "Tests/TrafficWorkload", swiftSettings: strict),
        .executableTarget(
            name: "LedgerWorkload", dependencies: ["CDiskFaults", "Ledger", "TestSupport"],
            path: "Tests/LedgerWorkload", swiftSettings: strict),
        .testTarget(
            name: "LedgerTests",
            dependencies: [
                "CDiskFaults", "CLMDB", "Ledger", "LedgerWorkload", "TestSupport",
                "TrafficWorkload",
            ],
            exclude: ["Reader"],
            swiftSettings: strict),
        .executableTarget(
            name: "MessageWorkload", dependencies: ["MallocCounter", "SIPAgent"],
            path: "Tests/MessageWorkload", swiftSettings: strict),
        .testTarget(
            name: "SIPAgentTests",
            dependencies: [
                "MessageWorkload", "SIPAgent", "TrunkEvents", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ProjectionsTests",
            dependencies: [
                "Projections", "Ledger", "TrafficWorkload", "TrunkEvents", "TestSupport",
                "trunkledger",
            ],
            exclude: ["Recomputation"],
            swiftSettings: strict),
        .testTarget(
            name: "DeliveryTests",
            dependencies: ["Delivery", "Ledger", "Projections", "TrunkEvents", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "RecorderTests",
            dependencies: [
                "Recorder", "Projections", "SIPAgent", "Ledger", "TrunkEvents", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "CMalloc", "Ledger", "Projections", "Recorder", "SIPAgent", "TrunkEvents",
                "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "trunkledger", "Ledger", "Projections", "SIPAgent", "TrunkEvents", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "Ledger", "Projections", "SIPAgent", "TrunkEvents", "TestSupport",
            ],
            exclude: ["Cases"], swiftSettings: strict),
        .testTarget(
            name: "InteropTests", dependencies: ["TestSupport", "trunkledger"],
            exclude: ["Scenarios"],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", dependencies: ["TestSupport"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
