internal import JSON

/// Kubernetes' quantities (API conventions, "Quantity").
enum Quantity {
  /// Processors: whole ones as a number, parts in thousandths, rounded up.
  static func processors(_ text: String) -> JSONValue? {
    guard let count = Double(text), count > 0, count < 1e6 else { return nil }
    let thousandths = Int((count * 1000 - 1e-6).rounded(.up))
    return .string(thousandths % 1000 == 0 ? "\(thousandths / 1000)" : "\(thousandths)m")
  }

  /// Bytes in the greatest unit that divides them.
  static func bytes(_ text: String) -> JSONValue? {
    guard var count = UInt64(text), count > 0 else { return nil }
    var unit = ""
    for larger in ["Ki", "Mi", "Gi", "Ti"] {
      guard count % 1024 == 0 else { break }
      (count, unit) = (count / 1024, larger)
    }
    return .string("\(count)\(unit)")
  }
}
