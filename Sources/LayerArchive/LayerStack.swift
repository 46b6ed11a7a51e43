internal import Linux

/// The tree that an image's layers make, without content: what each layer does to it is what is wanted.
package final class LayerStack {
  /// One for each layer, the base layer first.
  package private(set) var effects: [LayerEffect] = []
  private var wasted: [BytePath: WastedPath] = [:]
  private let root = Node(.directory(Metadata()))

  package init() {}

  /// Bytes of all files that the image shows.
  package var shownBytes: Int64 { effects.reduce(0) { $0 + $1.added.bytes + $1.changed.bytes - $1.wasted } }
  package var wastedBytes: Int64 { effects.reduce(0) { $0 + $1.wasted } }

  /// The paths that waste anything, the worst first.
  package var wastedPaths: [WastedPath] {
    wasted.values.sorted { ($1.bytes, $0.path.bytes.count, $0.path.description) < ($0.bytes, $1.path.bytes.count, $1.path.description) }
  }

  /// The next layer: whiteouts remove what the layers below have, wherever in the archive they stand (layer.md#whiteouts).
  package func add(_ entries: [TarEntry]) {
    effects.append(LayerEffect())
    var others: [(TarEntry, BytePath)] = []
    for entry in entries {
      guard let path = entry.path.normalized, let (parent, name) = path.split else { continue }
      if name.starts(with: Whiteout.prefix) { applyMarker(parent, name) } else { others.append((entry, path)) }
    }
    for (entry, path) in others { apply(entry, path) }
  }

  // MARK: The tree

  private struct Metadata: Equatable {
    var mode: UInt32 = 0o755
    var userID: UInt32 = 0
    var groupID: UInt32 = 0
    var attributes: Set<ExtendedAttribute> = []
  }

  /// What all names of one file share.
  private final class Content {
    let size: Int64
    let layer: Int
    var names = 1

    init(size: Int64, layer: Int) {
      self.size = size
      self.layer = layer
    }
  }

  private final class Node {
    enum Kind {
      case directory(Metadata)
      case symbolicLink(BytePath, Content)
      case file(Content)
    }

    var kind: Kind
    var children: [[UInt8]: Node] = [:]

    init(_ kind: Kind) { self.kind = kind }

    var isDirectory: Bool { if case .directory = kind { true } else { false } }

    var content: Content? {
      switch kind {
      case .directory: nil
      case .symbolicLink(_, let content), .file(let content): content
      }
    }
  }

  /// The directory at a path, symbolic links on the way followed inside the root; with `making`, what is missing is made and what is
  /// in the way replaced.
  private func directory(_ path: BytePath, making: Bool) -> Node? {
    var stack = [root]
    var walked = BytePath([])
    var rest = Array(path.components.reversed())
    var links = 0
    while let component = rest.popLast() {
      if component == [dot, dot] {
        if stack.count > 1 { stack.removeLast() }
        continue
      }
      guard let here = stack.last else { return nil }
      walked = walked.appending(component)
      if let next = here.children[component] {
        if case .symbolicLink(let target, _) = next.kind, links < 40 {
          links += 1
          if target.bytes.first == slash { stack = [root] }
          rest += target.components.reversed()
          continue
        }
        if next.isDirectory {
          stack.append(next)
          continue
        }
      }
      if !making { return nil }
      let made = Node(.directory(Metadata()))
      put(made, component, walked, size: 0, in: here)
      stack.append(made)
    }
    return stack.last
  }

  private func node(_ path: BytePath) -> Node? {
    guard let (parent, name) = path.split else { return root }
    return directory(parent, making: false)?.children[name]
  }

  // MARK: Entries

  private func applyMarker(_ parent: BytePath, _ name: [UInt8]) {
    guard let directory = directory(parent, making: false) else { return }
    if name == Whiteout.opaque {
      for (name, child) in directory.children { remove(child, parent.appending(name)) }
      directory.children = [:]
    } else if !name.starts(with: Whiteout.reserved), case let name = Array(name.dropFirst(Whiteout.prefix.count)),
      let child = directory.children.removeValue(forKey: name)
    {
      remove(child, parent.appending(name))
    }
  }

  private func apply(_ entry: TarEntry, _ path: BytePath) {
    guard let (parent, name) = path.split, let directory = directory(parent, making: true) else { return }
    let layer = effects.count - 1
    switch entry.kind {
    case .directory:
      let metadata = Metadata(
        mode: entry.mode, userID: entry.userID, groupID: entry.groupID, attributes: Set(entry.attributes))
      if let old = directory.children[name], case .directory(let before) = old.kind {
        old.kind = .directory(metadata)
        if before != metadata { note(path, .modified, 0) }
      } else {
        put(Node(.directory(metadata)), name, path, size: 0, in: directory)
      }
    case .hardLink(let target):
      guard let file = target.normalized.flatMap(node), let content = file.content else { return }
      if file === directory.children[name] { return }
      content.names += 1
      put(Node(.file(content)), name, path, size: 0, in: directory)
    case .symbolicLink(let target):
      put(Node(.symbolicLink(target, Content(size: 0, layer: layer))), name, path, size: 0, in: directory)
    case .regular, .characterDevice, .blockDevice, .fifo:
      put(Node(.file(Content(size: entry.size, layer: layer))), name, path, size: entry.size, in: directory)
    }
  }

  private func put(_ node: Node, _ name: [UInt8], _ path: BytePath, size: Int64, in directory: Node) {
    guard let old = directory.children.updateValue(node, forKey: name) else { return note(path, .added, size) }
    for (name, child) in old.children { remove(child, path.appending(name)) }
    release(old, path)
    note(path, .modified, size)
  }

  private func remove(_ node: Node, _ path: BytePath) {
    for (name, child) in node.children { remove(child, path.appending(name)) }
    note(path, .removed, release(node, path))
  }

  /// Takes one name from a file.
  /// - Returns: the bytes that no name leads to any more.
  @discardableResult
  private func release(_ node: Node, _ path: BytePath) -> Int64 {
    guard let content = node.content else { return 0 }
    content.names -= 1
    if content.names > 0 || content.size == 0 { return 0 }
    effects[content.layer].wasted += content.size
    var entry = wasted[path] ?? WastedPath(path: path, times: 0, bytes: 0)
    entry.times += 1
    entry.bytes += content.size
    wasted[path] = entry
    return content.size
  }

  private func note(_ path: BytePath, _ change: TreeDifference.Change, _ size: Int64) {
    let layer = effects.count - 1
    switch change {
    case .added: effects[layer].added.count(size)
    case .modified: effects[layer].changed.count(size)
    case .removed: effects[layer].removed.count(size)
    }
    effects[layer].changes.append((path, change, size))
  }
}
