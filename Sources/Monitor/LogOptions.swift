internal import JSON

/// How a container's output is kept (docker run --log-driver, --log-opt).
package struct LogOptions: Hashable, Sendable {
  package var isKept = true
  /// Bytes after which a file is put aside; nil for never.
  package var maximumSize: Int?
  /// How many files there are at most, the current one included.
  package var maximumFiles = 1

  package init() {}

  init(_ value: JSONValue) throws(MonitorError) {
    switch value["driver"]?.stringValue ?? "json-file" {
    case "none": isKept = false
    case "local":
      // docker's defaults for this driver; the format is json-file's all the same.
      maximumSize = 20 << 20
      maximumFiles = 5
    default: break
    }
    let options = value["options"]
    if let text = options?["max-size"]?.stringValue {
      guard let size = Self.size(text) else { throw .failed("container.json: log.options.max-size: '\(text)' is not a size like 10m") }
      maximumSize = size < 0 ? nil : size
    }
    if let text = options?["max-file"]?.stringValue {
      guard let count = Int(text), count > 0 else {
        throw .failed("container.json: log.options.max-file: '\(text)' is not a number above 0")
      }
      maximumFiles = count
    }
  }

  /// `10`, `10k`, `10m`, `1g`, `-1`, in bytes, binary units.
  static func size(_ text: String) -> Int? {
    var digits = text.lowercased()
    if digits.hasSuffix("b") { digits.removeLast() }
    let shifts: [Character: Int] = ["k": 10, "m": 20, "g": 30]
    let shift = digits.last.flatMap { shifts[$0] }
    if shift != nil { digits.removeLast() }
    guard let number = Int(digits), number >= -1, number != 0 else { return nil }
    let (size, overflow) = number.multipliedReportingOverflow(by: 1 << (shift ?? 0))
    return overflow ? nil : size
  }
}
