// swift-tools-version: 6.2
import PackageDescription

/// What every room is compiled with: no implicit `any`, imports private unless said otherwise, a
/// member only through an imported module, async functions on their caller's actor, and no warning.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// For the two rooms whose inner loops are numeric: optimised in debug builds too, so that tests stay fast.
let numeric: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]
let optimisedC: [CSetting] = [.unsafeFlags(["-O3"], .when(configuration: .debug))]

let package = Package(
  name: "opengpts",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "opengpts", targets: ["opengpts"]),
    .library(name: "VectorIndex", targets: ["VectorIndex"]),
    .library(name: "Embedding", targets: ["Embedding"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C shims.
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .systemLibrary(name: "CBLAS", providers: [.apt(["libblas-dev"])]),
    .target(name: "CKernels", cSettings: optimisedC, linkerSettings: [.linkedLibrary("m")]),
    .target(name: "CArchive", linkerSettings: [.linkedLibrary("archive")]),
    .target(name: "CSpawn"),
    .target(
      name: "CXML",
      cSettings: [.unsafeFlags(["-I/usr/include/libxml2"])],
      linkerSettings: [.linkedLibrary("xml2")]),
    .target(
      name: "CWeb", cSettings: [.unsafeFlags(["-std=c23"])], linkerSettings: [.linkedLibrary("z")]),

    // Rooms; arrows point up this list only.
    .target(name: "Conversation", swiftSettings: strict),
    .target(name: "Metering", dependencies: ["Conversation"], swiftSettings: strict),
    .target(name: "VectorIndex", dependencies: ["CBLAS", "CKernels"], swiftSettings: numeric),
    .target(name: "Embedding", dependencies: ["CBLAS", "CKernels"], swiftSettings: numeric),
    .target(
      name: "Documents",
      dependencies: ["CArchive", "CSpawn", "CXML", .product(name: "Yams", package: "Yams")],
      swiftSettings: strict),
    .target(name: "Transport", dependencies: ["CCurl"], swiftSettings: strict),
    .target(
      name: "Store",
      dependencies: [
        "Conversation", "Metering", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(
      name: "Backup",
      dependencies: [
        "Conversation", "Store", "CArchive", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .target(
      name: "Providers",
      dependencies: [
        "Conversation", "Metering", "Transport", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .target(
      name: "Engine",
      dependencies: [
        "Conversation", "Metering", "VectorIndex", "Embedding", "Documents", "Transport", "Store",
        "Providers", "CSpawn",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .target(
      name: "Server",
      dependencies: [
        "Conversation", "Metering", "Transport", "Providers", "Engine", "Store", "CWeb",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "opengpts",
      dependencies: [
        "Conversation", "Metering", "VectorIndex", "Embedding", "Documents", "Transport", "Store", "Backup",
        "Providers", "Engine", "Server", "CArchive",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ],
      swiftSettings: strict),

    // For tests: a server on loopback that does what a test says.
    .target(name: "Loopback", path: "Tests/Support/Loopback", swiftSettings: strict),

    // Tests: by room, then whole journeys through the built program.
    .testTarget(name: "ConversationTests", dependencies: ["Conversation"], swiftSettings: strict),
    .testTarget(name: "MeteringTests", dependencies: ["Metering", "Conversation"], swiftSettings: strict),
    .testTarget(
      name: "VectorIndexTests", dependencies: ["VectorIndex", "CKernels"], swiftSettings: strict),
    .testTarget(
      name: "EmbeddingTests", dependencies: ["Embedding"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "DocumentsTests", dependencies: ["Documents", "CArchive"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "TransportTests", dependencies: ["Transport", "Loopback"], swiftSettings: strict),
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "Store", "Conversation", "Metering", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "BackupTests", dependencies: ["Backup", "Conversation", "Store"], swiftSettings: strict),
    .testTarget(
      name: "ProvidersTests",
      dependencies: [
        "Providers", "Conversation", "Metering", "Transport", "Loopback",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "Engine", "Conversation", "Documents", "Loopback", "Metering", "Providers", "Store", "Transport",
        "VectorIndex", .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ServerTests",
      dependencies: [
        "Server", "Engine", "Conversation", "Documents", "Metering", "Providers", "Store", "Transport",
        "Loopback",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "opengptsTests",
      dependencies: [
        "opengpts", "Conversation", "Documents", "Engine", "Providers", "Transport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "HouseTests", dependencies: ["CWeb"], swiftSettings: strict),
    .testTarget(
      name: "JourneyTests", dependencies: ["Conversation", "Transport", "Loopback"], exclude: ["Fixtures"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)
