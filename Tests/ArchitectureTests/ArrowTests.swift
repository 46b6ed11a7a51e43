import Testing

/// docs/architecture.md, "Modules": arrows point downwards only.
@Suite struct ArrowTests {
  let package: PackageDescription

  init() throws { package = try PackageDescription.load() }

  /// Package.swift lists a target above everything that it uses.
  @Test func everyArrowPointsDownwards() {
    let place = Dictionary(uniqueKeysWithValues: package.targets.enumerated().map { ($1.name, $0) })
    for target in package.targets where target.type != "test" {
      for arrow in target.arrows {
        guard let below = place[arrow], let here = place[target.name] else {
          Issue.record("'\(target.name)' depends on '\(arrow)', which is not a target")
          continue
        }
        #expect(below > here, "'\(target.name)' depends on '\(arrow)', which stands above it in Package.swift")
      }
    }
  }

  /// A tool runs another tool or reads its file; it never links its code.
  @Test func noToolDependsOnATool() {
    let tools = Set(package.targets.filter { $0.type == "executable" }.map(\.name))
    #expect(tools.isSuperset(of: ["dfparse", "layerctl", "ocibundle", "runc-swift", "portmap"]))
    for target in package.targets where target.type != "test" {
      #expect(tools.isDisjoint(with: target.arrows), "'\(target.name)' links a tool")
    }
  }

  /// The languages make no system calls.
  @Test(arguments: ["Dockerfile", "Compose", "OCIDistributionSpec", "OCIImageSpec", "OCIRuntimeSpec", "TOML"])
  func languagesArePure(_ name: String) throws {
    let target = try #require(package.targets.first { $0.name == name })
    #expect(Set(target.arrows).isSubset(of: ["JSON", "CYAML"]))
  }

  @Test func onlyLinuxTalksToTheKernel() throws {
    for target in package.targets where target.type != "test" && target.name != "Linux" {
      for (file, module) in try PackageDescription.imports(of: target.name) {
        #expect(!["Glibc", "CLinux", "Dispatch", "FoundationNetworking"].contains(module), "\(target.name)/\(file) imports \(module)")
      }
    }
  }

  /// Each C library has one door.
  @Test func cLibrariesAreWrappedOnce() throws {
    let doors = [
      "CArchive": "LayerArchive", "CISAL": "LayerArchive", "CZlib": "LayerArchive", "CZstd": "LayerArchive",
      "CCrypto": "ContentHash", "CSeccomp": "Seccomp", "CCurl": "Registry", "CYAML": "Compose", "CLinux": "Linux",
    ]
    for target in package.targets where target.type != "test" {
      for arrow in target.arrows {
        if let door = doors[arrow] { #expect(target.name == door, "'\(target.name)' goes around '\(door)' to '\(arrow)'") }
      }
    }
  }

  /// A pool of threads or ICU in a tool that forks containers breaks it (docs/style.md); nothing that they link imports Foundation.
  @Test func noLibraryImportsFoundation() throws {
    for target in package.targets where target.type != "test" {
      for (file, module) in try PackageDescription.imports(of: target.name) {
        #expect(!module.hasPrefix("Foundation"), "\(target.name)/\(file) imports \(module)")
      }
    }
  }
}
