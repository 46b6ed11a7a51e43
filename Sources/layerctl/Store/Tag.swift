import ArgumentParser
import CommandSupport
import ImageStore
import OCIImageSpec

/// `layerctl tag SOURCE NAME`: gives an image another name.
struct Tag: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Give an image another name.")

  @OptionGroup var location: StoreLocation
  @ArgumentParser.Argument(help: "A name or an ID.") var source: String
  @ArgumentParser.Argument(help: "The new name.") var name: String

  func run() {
    orFail { try location.store.tag(source, as: try targetName(name)) }
  }
}

/// A name that an image can be given: one with a digest is none, since the digest is the image's own.
func targetName(_ typed: String) throws -> Reference {
  struct Invalid: Error, CustomStringConvertible { let description: String }
  let name: Reference
  do { name = try Reference(typed) } catch { throw Invalid(description: "'\(typed)' is not a valid repository/tag: \(error.message)") }
  if name.digest != nil { throw Invalid(description: "'\(typed)': refusing to create a tag with a digest reference") }
  return name.withDefaultTag
}
