/// How a layer's tar stream is stored (image-spec layer.md, `application/vnd.oci.image.layer.v1.tar[+gzip|+zstd]`).
package struct LayerCompression: Hashable, Sendable, CustomStringConvertible {
  package enum Algorithm: String, Sendable, CaseIterable { case none, gzip, zstd }

  package let algorithm: Algorithm
  /// gzip 0–2 is ISA-L's, 3–9 zlib's; zstd 1–19; 0 for none.
  package let level: Int

  package static let none = LayerCompression(unchecked: .none, level: 0)
  package static let gzip = LayerCompression(unchecked: .gzip, level: 2)
  package static let zstd = LayerCompression(unchecked: .zstd, level: 3)

  private init(unchecked algorithm: Algorithm, level: Int) {
    self.algorithm = algorithm
    self.level = level
  }

  /// The algorithm at its default level, or nil where `level` is not one of its levels.
  package init?(_ algorithm: Algorithm, level: Int? = nil) {
    let (levels, usual) =
      switch algorithm {
      case .none: (0...0, 0)
      case .gzip: (0...9, 2)
      case .zstd: (1...19, 3)
      }
    guard levels.contains(level ?? usual) else { return nil }
    self.init(unchecked: algorithm, level: level ?? usual)
  }

  /// `gzip`, `zstd:7`, `none`; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let algorithm = Algorithm(rawValue: String(parts[0])) else { return nil }
    if parts.count == 1 {
      self.init(algorithm)
    } else {
      guard let level = Int(parts[1]), String(level) == parts[1] else { return nil }
      self.init(algorithm, level: level)
    }
  }

  package var description: String { algorithm == .none ? "none" : "\(algorithm.rawValue):\(level)" }
}

extension LayerCompression.Algorithm {
  /// The layer's media type.
  package var mediaType: String {
    let tar = "application/vnd.oci.image.layer.v1.tar"
    return self == .none ? tar : "\(tar)+\(rawValue)"
  }
}
