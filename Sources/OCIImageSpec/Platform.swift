package import JSON

/// The kind of machine that an image runs on, by Go's names (image-spec image-index.md, `platform`).
package struct Platform: Hashable, Sendable, Codable {
  package var architecture: String
  package var os: String
  package var osVersion: String?
  package var osFeatures: [String]?
  package var variant: String?
  package var unknown: UnknownProperties

  private enum CodingKeys: String, CodingKey {
    case architecture, os
    case osVersion = "os.version"
    case osFeatures = "os.features"
    case variant, unknown
  }

  package init(
    os: String, architecture: String, variant: String? = nil, osVersion: String? = nil, osFeatures: [String]? = nil
  ) {
    self.architecture = architecture
    self.os = os
    self.osVersion = osVersion
    self.osFeatures = osFeatures
    self.variant = variant
    unknown = UnknownProperties()
  }

  /// The platform that this program was compiled for.
  package static var host: Platform {
    #if arch(x86_64)
      Platform(os: "linux", architecture: "amd64")
    #elseif arch(arm64)
      Platform(os: "linux", architecture: "arm64", variant: "v8")
    #elseif arch(arm)
      Platform(os: "linux", architecture: "arm", variant: "v7")
    #elseif arch(i386)
      Platform(os: "linux", architecture: "386")
    #elseif arch(powerpc64le)
      Platform(os: "linux", architecture: "ppc64le")
    #elseif arch(s390x)
      Platform(os: "linux", architecture: "s390x")
    #elseif arch(riscv64)
      Platform(os: "linux", architecture: "riscv64")
    #else
      #error("name this architecture as Go does")
    #endif
  }
}

extension Platform: CustomStringConvertible {
  /// `os/architecture` or `os/architecture/variant`.
  package var description: String {
    [os, architecture, variant ?? ""].filter { !$0.isEmpty }.joined(separator: "/")
  }
}

extension Platform {
  /// Reads `os/architecture[/variant]`, `os` or `architecture`, in any of the spellings that `normalized` knows; what is left out is the
  /// host's. Nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard (1...3).contains(parts.count), parts.allSatisfy(Self.isName) else { return nil }
    if parts.count > 1 {
      self = Platform(os: parts[0], architecture: parts[1], variant: parts.count == 3 ? parts[2] : nil).normalized
      return
    }
    let asArchitecture = Platform(os: Self.host.os, architecture: parts[0]).normalized
    if Self.architectures.contains(asArchitecture.architecture) {
      self = asArchitecture
    } else if Self.operatingSystems.contains(parts[0].lowercased()) {
      self = Platform(os: parts[0], architecture: Self.host.architecture, variant: Self.host.variant).normalized
    } else {
      return nil
    }
  }

  /// The same platform by its canonical names: `linux/x86_64` is `linux/amd64`, `linux/armhf` is `linux/arm/v7`. The variants
  /// that every machine of an architecture has (`arm64/v8`, `amd64/v1`) are spelled out or left out as image indexes do.
  package var normalized: Platform {
    var result = self
    result.os = os.lowercased() == "macos" ? "darwin" : os.lowercased()
    result.architecture = architecture.lowercased()
    var variant = (variant ?? "").lowercased()
    switch result.architecture {
    case "aarch64": result.architecture = "arm64"
    case "x86_64", "x86-64": result.architecture = "amd64"
    case "i386", "i486", "i586", "i686", "x86": result.architecture = "386"
    case "armhf": (result.architecture, variant) = ("arm", "v7")
    case "armel": (result.architecture, variant) = ("arm", "v6")
    default: break
    }
    if let first = variant.first, first.isNumber { variant = "v" + variant }
    switch (result.architecture, variant) {
    case ("arm64", ""): variant = "v8"
    case ("arm", ""): variant = "v7"
    case ("amd64", "v1"): variant = ""
    default: break
    }
    result.variant = variant.isEmpty ? nil : variant
    return result
  }

  /// How well an image for `candidate` suits this platform: 0 is best, nil not at all. Later generations of a processor run what is
  /// for earlier ones, arm64 runs arm, amd64 runs 386.
  package func rank(of candidate: Platform) -> Int? {
    let candidate = candidate.normalized
    guard candidate.os == normalized.os else { return nil }
    return runnable.firstIndex { $0.0 == candidate.architecture && $0.1 == candidate.variant }
  }

  package func matches(_ candidate: Platform) -> Bool { rank(of: candidate) != nil }

  /// Architectures and variants that run here, the best first.
  private var runnable: [(String, String?)] {
    let own = normalized
    let generation = own.variant.flatMap { $0.first == "v" ? Int($0.dropFirst()).map { min($0, 9) } : nil }
    switch (own.architecture, generation) {
    case ("amd64", nil) where own.variant == nil: return [("amd64", nil), ("386", nil)]
    case ("amd64", let level?):
      return stride(from: level, to: 1, by: -1).map { ("amd64", "v\($0)") } + [("amd64", nil), ("386", nil)]
    case ("arm64", let level?):
      return stride(from: level, through: 8, by: -1).map { ("arm64", "v\($0)") }
        + stride(from: 8, through: 5, by: -1).map { ("arm", "v\($0)") }
    case ("arm", let level?): return stride(from: level, through: 5, by: -1).map { ("arm", "v\($0)") }
    default: return [(own.architecture, own.variant)]
    }
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0.isLetterOrDigit || "_.-".utf8.contains($0) }
  }

  private static let operatingSystems: Set<String> = [
    "linux", "windows", "darwin", "macos", "freebsd", "netbsd", "openbsd", "dragonfly", "solaris", "illumos", "aix", "android",
    "plan9", "wasip1",
  ]

  private static let architectures: Set<String> = [
    "386", "amd64", "arm", "arm64", "loong64", "mips", "mipsle", "mips64", "mips64le", "ppc64", "ppc64le", "riscv64", "s390x",
    "sparc64", "wasm",
  ]
}

extension UInt8 {
  var isLowercaseOrDigit: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
  }
  var isLetterOrDigit: Bool { isLowercaseOrDigit || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
}
