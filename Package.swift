// swift-tools-version: 6.2
// The list of targets is the architecture: read it top down. Lower-case targets are tools, UpperCamelCase ones are
// libraries of one subject, C* ones are C boundaries. Arrows point downwards only; Tests/ArchitectureTests holds them to it.
import Glibc
import PackageDescription

// ISA-L makes and reads gzip many times faster than zlib. Where libisal-dev is not installed (or with TOTE_ISAL=0) zlib does it:
// the layers are as good, but their gzip bytes, hence digests, are not those of a build with ISA-L; the diffIDs are.
let isal = Context.environment["TOTE_ISAL"] != "0" && access("/usr/include/isa-l.h", R_OK) == 0

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// A library of one subject.
func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], settings more: [SwiftSetting] = []
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings + more)
}

/// A fully static tool: it starts in under a millisecond and runs where there is no libc to load.
func staticTool(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, swiftSettings: settings,
    linkerSettings: [.unsafeFlags(["-static-executable"])])
}

/// A tool that needs shared libraries (name resolution, libcurl, libarchive's own dependencies): only Swift is static.
func tool(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, swiftSettings: settings,
    linkerSettings: [
      .unsafeFlags(["-static-stdlib"]), .linkedLibrary("_FoundationCShims"), .linkedLibrary("_FoundationCollections"),
    ])
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: settings)
}

func systemLibrary(_ name: String, pkgConfig: String, apt: String) -> Target {
  .systemLibrary(name: name, path: "Sources/" + name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let package = Package(
  name: "tote",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    // The tools, in the order of the pipeline.
    staticTool("dfparse", ["CommandSupport", "Dockerfile", "JSON", "Linux", system]),
    tool(
      "layerctl",
      [
        "ArgumentParsing", "CommandSupport", "Dockerfile", "ImageBuild", "ImageStore", "JSON", "LayerArchive", "LayerStore", "Linux",
        "OCIImageSpec", argumentParser, system,
      ]),
    staticTool("ocibundle", ["Bundle", "CommandSupport", "ImageStore", "JSON", "Linux", "OCIImageSpec", "OCIRuntimeSpec", system]),
    staticTool("runc-swift", ["Cgroups", "CommandSupport", "JSON", "Linux", "OCIRuntimeSpec", "Runtime", "Seccomp", system]),
    staticTool("ctrmon", ["CommandSupport", "Events", "JSON", "Linux", "Monitor", system]),
    staticTool("netctl", ["CommandSupport", "JSON", "Linux", "Network", system]),
    staticTool("portmap", ["CommandSupport", "JSON", "Linux", "Network", system]),
    tool(
      "ociship",
      [
        "ArgumentParsing", "CommandSupport", "ImageStore", "ImageTransfer", "JSON", "LayerArchive", "Linux", "OCIImageSpec", "Registry",
        argumentParser,
        system,
      ]),
    staticTool("cfparse", ["CommandSupport", "Compose", "JSON", "Linux", system]),

    // What does the work.
    library(
      "ImageBuild",
      ["CommandSupport", "ContentHash", "Dockerfile", "ImageStore", "JSON", "LayerArchive", "LayerStore", "Linux", "OCIImageSpec", system]),
    library(
      "ImageTransfer",
      [
        "ContentHash", "ImageStore", "JSON", "LayerArchive", "LayerStore", "Linux", "OCIDistributionSpec", "OCIImageSpec", "Registry",
        system,
      ]),
    library("LayerStore", ["ContentHash", "ImageStore", "JSON", "LayerArchive", "Linux", "OCIImageSpec", system]),
    library("Bundle", ["CommandSupport", "Events", "ImageStore", "JSON", "Linux", "OCIImageSpec", "OCIRuntimeSpec", system]),
    library("Runtime", ["Cgroups", "JSON", "Linux", "OCIRuntimeSpec", "Seccomp", system]),
    library("Cgroups", ["Linux", "OCIRuntimeSpec", system]),
    library("Seccomp", ["CSeccomp", "Linux", "OCIRuntimeSpec", system]),
    library("Monitor", ["Events", "JSON", "Linux", system]),
    library("Events", ["JSON", "Linux", system]),
    library("Network", ["JSON", "Linux", system]),
    library("Registry", ["CCurl", "JSON", "Linux", "OCIDistributionSpec", "OCIImageSpec", "ContentHash", "TOML", system]),
    library(
      "LayerArchive", ["CArchive", "CZlib", "CZstd", "ContentHash", "Linux", "OCIImageSpec", system] + (isal ? ["CISAL"] : []),
      settings: isal ? [.define("ISAL")] : []),
    library("ImageStore", ["ContentHash", "JSON", "Linux", "OCIImageSpec", system]),
    library("ContentHash", ["CCrypto", "Linux", "OCIImageSpec", system]),

    // The languages: pure, no system calls.
    library("Dockerfile", ["JSON"]),
    library("Compose", ["CYAML", "JSON"]),
    library("OCIImageSpec", ["JSON"]),
    library("OCIRuntimeSpec", ["JSON"]),
    library("OCIDistributionSpec"),
    library("TOML", ["JSON"]),

    // What everything stands on.
    library("ArgumentParsing", ["CommandSupport", "Linux", argumentParser]),
    library("CommandSupport", ["JSON", "Linux", system]),
    library("JSON"),
    library("Linux", ["CLinux", system]),

    // The C boundaries.
    .target(name: "CLinux"),
    systemLibrary("CArchive", pkgConfig: "libarchive", apt: "libarchive-dev"),
    systemLibrary("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
    systemLibrary("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    systemLibrary("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),
    systemLibrary("CSeccomp", pkgConfig: "libseccomp", apt: "libseccomp-dev"),
    systemLibrary("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
    systemLibrary("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),

    tests("Architecture", []),
    tests("Registry", ["Linux", "OCIImageSpec", "Registry", system]),
    tests("OCIDistributionSpec", ["OCIDistributionSpec"]),
    tests("Bundle", ["Bundle", "CommandSupport", "JSON", "Linux", "OCIImageSpec", "OCIRuntimeSpec", system]),
    tests("Compose", ["Compose", "JSON"]),
    tests("CommandSupport", ["CommandSupport", "JSON", "Linux"]),
    tests("Dockerfile", ["Dockerfile", "JSON"]),
    tests("JSON", ["JSON"]),
    tests("TOML", ["JSON", "TOML"]),
    tests("Network", ["JSON", "Linux", "Network", system]),
    tests("OCIImageSpec", ["JSON", "OCIImageSpec"]),
    tests("OCIRuntimeSpec", ["JSON", "Linux", "OCIRuntimeSpec", system]),
    tests("LayerStore", ["ContentHash", "ImageStore", "JSON", "LayerArchive", "LayerStore", "Linux", "OCIImageSpec", system]),
    tests("ImageBuild", ["Dockerfile", "ImageBuild", "LayerArchive", "Linux", "OCIImageSpec", system]),
    tests("ImageStore", ["ContentHash", "ImageStore", "JSON", "Linux", "OCIImageSpec", system]),
    tests("Cgroups", ["Cgroups", "Linux", "OCIRuntimeSpec", system]),
    tests("Monitor", ["JSON", "Linux", "Monitor", system]),
    tests("Seccomp", ["Linux", "OCIRuntimeSpec", "Seccomp", system]),
    tests("Linux", ["Linux", system]),
    tests("Runtime", ["JSON", "Linux", "OCIRuntimeSpec", "Runtime", system]),
    tests("ContentHash", ["ContentHash", "Linux", "OCIImageSpec", system]),
    tests("LayerArchive", ["ContentHash", "LayerArchive", "Linux", "OCIImageSpec", system]),
  ] + (isal ? [systemLibrary("CISAL", pkgConfig: "libisal", apt: "libisal-dev")] : []),
  cLanguageStandard: .gnu17
)
