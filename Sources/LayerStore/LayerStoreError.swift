package import ImageStore
package import LayerArchive

/// What goes wrong between layers and the store.
package enum LayerStoreError: Error, Hashable, CustomStringConvertible {
  case store(ImageStoreError)
  /// A layer that cannot be read, written or applied; with what it was, as a person knows it.
  case layer(LayerError, String)
  /// An archive of images that does not hold together.
  case archive(String)

  package var description: String {
    switch self {
    case .store(let error): "\(error)"
    case .layer(let error, let subject): "\(subject): \(error)"
    case .archive(let reason): reason
    }
  }
}

func storing<Value: ~Copyable>(_ body: () throws(ImageStoreError) -> Value) throws(LayerStoreError) -> Value {
  do throws(ImageStoreError) { return try body() } catch { throw .store(error) }
}

func layering<Value: ~Copyable>(
  _ subject: @autoclosure () -> String, _ body: () throws(LayerError) -> Value
) throws(LayerStoreError) -> Value {
  do throws(LayerError) { return try body() } catch { throw .layer(error, subject()) }
}
