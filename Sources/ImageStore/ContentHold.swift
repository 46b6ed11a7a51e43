internal import Linux
internal import SystemPackage

/// Keeps garbage collection away while content is added and nothing refers to it yet, or while it is used.
///
/// Held from the first blob until the index names the image; released when the last reference goes, or by the kernel when the
/// process dies. Take one for a whole pull or build, not one a blob: taking a second while a collection waits would still work,
/// but content added under the first must not outlive it unreferenced.
package final class ContentHold: Sendable {
  private let lock: FileLock

  fileprivate init(_ lock: consuming FileLock) { self.lock = lock }
}

extension ImageStore {
  var collectionLockPath: FilePath { root.appending("gc.lock") }

  /// Makes the store if it is missing and waits for a garbage collection that is under way.
  package func hold() throws(ImageStoreError) -> ContentHold {
    try create()
    let path = collectionLockPath
    return ContentHold(try attempting("cannot hold the image store") { () throws(SystemError) in try FileLock(path, .shared) })
  }

  /// Waits until nobody else holds the store, and keeps everybody out; nil where somebody does and we may not wait.
  func exclusiveHold(waiting: Bool = true) throws(ImageStoreError) -> ContentHold? {
    do throws(SystemError) { return ContentHold(try FileLock(collectionLockPath, .exclusive, waiting: waiting)) } catch {
      if !waiting, error.errno == .wouldBlock { return nil }
      throw .system(error, "cannot lock the image store for collection")
    }
  }
}
