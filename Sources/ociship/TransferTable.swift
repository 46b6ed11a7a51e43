import CommandSupport
import OCIImageSpec

/// What `--dry-run` prints: a line for each blob and manifest, and what they come to.
struct TransferTable {
  private var text = "DIGEST\tSIZE\tSTATE\tTYPE"
  private var missing: Int64 = 0
  private var total: Int64 = 0

  mutating func add(_ descriptor: Descriptor, isThere: Bool) {
    text += "\n\(descriptor.digest)\t\(humanSize(descriptor.size))\t\(isThere ? "exists" : "missing")\t\(descriptor.mediaType)"
    total += descriptor.size
    if !isThere { missing += descriptor.size }
  }

  func show(verb: String) {
    printLine(alignColumns(text))
    printLine("\(humanSize(missing)) of \(humanSize(total)) would be \(verb)")
  }
}
