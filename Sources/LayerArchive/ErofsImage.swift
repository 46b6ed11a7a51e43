internal import Linux

/// Lays a tree out as an EROFS file system whose files' content is in another one, the layer's uncompressed archive
/// (Documentation/filesystems/erofs.rst; fs/erofs/erofs_fs.h).
///
/// Blocks have 512 bytes, as an archive's have, so that each file is one chunk of the archive, which is the file system's only extra
/// device. Superblock, inodes, then the blocks of directories and symbolic links.
struct ErofsImage {
  private(set) var bytes: [UInt8] = []
  private var nodes: [ErofsNode] = []
  private var parents: [ObjectIdentifier: ErofsNode] = [:]
  private let blockBits = 9
  private var blockSize: Int { 1 << blockBits }
  private static let superblock = 1024
  private static let deviceSlot = 1152
  /// The superblock has 16 bits for the root's number: it comes first.
  private static let firstInode = 1280

  /// - Parameters:
  ///   - archiveSize: bytes of the archive.
  ///   - digest: 64 hexadecimal digits that say which archive it is: the device's tag, and the file system's UUID.
  init?(_ root: ErofsNode, archiveSize: Int64, digest: String) {
    guard archiveSize >> blockBits <= Int64(UInt32.max) else { return nil }
    collect(root, in: root)
    var end = Self.firstInode
    for node in nodes {
      node.address = end
      let attributes = ErofsAttributes(node.storedAttributes)
      if !attributes.fits { return nil }
      end += 64 + attributes.bytes.count
      // The chunk's index is aligned to eight bytes; the next inode to 32.
      if case .regular(_, let size) = node.kind, size > 0 { end = (end + 7) / 8 * 8 + 8 }
      end = (end + 31) / 32 * 32
    }
    bytes = [UInt8](repeating: 0, count: (end + blockSize - 1) / blockSize * blockSize)
    for (number, node) in nodes.enumerated() { write(node, number: UInt32(number + 1)) }
    writeSuperblock(digest, archiveSize)
  }

  private mutating func collect(_ node: ErofsNode, in parent: ErofsNode) {
    if parents.updateValue(parent, forKey: ObjectIdentifier(node)) != nil { return }
    nodes.append(node)
    for (_, child) in sorted(node.children) { collect(child, in: node) }
  }

  private func sorted(_ children: [[UInt8]: ErofsNode]) -> [(key: [UInt8], value: ErofsNode)] {
    children.sorted { $0.key.lexicographicallyPrecedes($1.key) }
  }

  // MARK: Structures

  private mutating func put(_ field: [UInt8], at offset: Int) { bytes.replaceSubrange(offset..<(offset + field.count), with: field) }
  private mutating func put<Number: FixedWidthInteger>(_ number: Number, at offset: Int) { put(littleEndianBytes(number), at: offset) }

  /// `erofs_super_block` and the one `erofs_deviceslot`.
  private mutating func writeSuperblock(_ digest: String, _ archiveSize: Int64) {
    let start = Self.superblock
    put(UInt32(0xE0F5_E1E2), at: start)
    put(UInt8(blockBits), at: start + 12)
    put(UInt16(Self.firstInode / 32), at: start + 14)
    put(UInt64(nodes.count), at: start + 16)
    put(UInt32(bytes.count >> blockBits), at: start + 36)
    let tag = Array(digest.utf8.prefix(64))
    put(Array(tag.prefix(16)), at: start + 48)
    // EROFS_FEATURE_INCOMPAT_CHUNKED_FILE | EROFS_FEATURE_INCOMPAT_DEVICE_TABLE
    put(UInt32(0x4 | 0x8), at: start + 80)
    put(UInt16(1), at: start + 86)
    put(UInt16(Self.deviceSlot / 128), at: start + 88)
    put(tag, at: Self.deviceSlot)
    put(UInt32(archiveSize >> blockBits), at: Self.deviceSlot + 64)
  }

  /// `erofs_inode_extended`, the attributes, and the index of the one chunk.
  private mutating func write(_ node: ErofsNode, number: UInt32) {
    let attributes = ErofsAttributes(node.storedAttributes)
    var (type, size, links) = (UInt32(0), UInt64(0), UInt32(node.links))
    var (layout, place) = (UInt16(0), UInt32(0))
    switch node.kind {
    case .directory:
      type = 0o040000
      links = UInt32(2 + node.children.values.count { $0.isDirectory })
      let content = directoryBlocks(node)
      size = UInt64(content.count)
      place = append(content)
    case .regular(let position, let length):
      type = 0o100000
      size = UInt64(length)
      if length > 0 {
        // Chunk-based, with indexes (0x20), of chunks of 2 to the power of 40 bytes.
        layout = 4
        place = 0x20 | 31
        let index = (node.address + 64 + attributes.bytes.count + 7) / 8 * 8
        put(UInt16(1), at: index + 2)
        put(UInt32(position >> blockBits), at: index + 4)
      }
    case .symbolicLink(let target):
      type = 0o120000
      size = UInt64(target.count)
      place = append(target)
    case .characterDevice(let major, let minor): (type, place) = (0o020000, encode(major, minor))
    case .blockDevice(let major, let minor): (type, place) = (0o060000, encode(major, minor))
    case .fifo: type = 0o010000
    }
    let start = node.address
    put(UInt16(1) | layout << 1, at: start)
    put(attributes.count, at: start + 2)
    put(UInt16(type | node.mode & 0o7777), at: start + 4)
    put(size, at: start + 8)
    put(place, at: start + 16)
    put(number, at: start + 20)
    put(node.userID, at: start + 24)
    put(node.groupID, at: start + 28)
    put(node.modified.seconds, at: start + 32)
    put(node.modified.nanoseconds, at: start + 40)
    put(links, at: start + 44)
    put(attributes.bytes, at: start + 64)
  }

  /// The kernel's `new_encode_dev`.
  private func encode(_ major: UInt32, _ minor: UInt32) -> UInt32 { minor & 0xff | major << 8 | (minor & ~0xff) << 12 }

  /// Appends data in blocks of its own.
  /// - Returns: the first block's number.
  private mutating func append(_ content: [UInt8]) -> UInt32 {
    let block = UInt32(bytes.count >> blockBits)
    bytes += content
    bytes += [UInt8](repeating: 0, count: (blockSize - content.count % blockSize) % blockSize)
    return block
  }

  // MARK: Directories

  /// Blocks of `erofs_dirent`s and the names they speak of, in the order of the names' bytes.
  private func directoryBlocks(_ node: ErofsNode) -> [UInt8] {
    var entries: [(name: [UInt8], node: ErofsNode)] = node.children.map { ($0.key, $0.value) }
    entries.append(([dot], node))
    entries.append(([dot, dot], parents[ObjectIdentifier(node)] ?? node))
    entries.sort { $0.name.lexicographicallyPrecedes($1.name) }
    var content: [UInt8] = []
    var block: ArraySlice<(name: [UInt8], node: ErofsNode)> = []
    var used = 0
    for index in entries.indices {
      let size = 12 + entries[index].name.count
      if used + size > blockSize {
        content += directoryBlock(block)
        content += [UInt8](repeating: 0, count: (blockSize - content.count % blockSize) % blockSize)
        block = []
        used = 0
      }
      block = entries[(block.isEmpty ? index : block.startIndex)...index]
      used += size
    }
    return content + directoryBlock(block)
  }

  private func directoryBlock(_ entries: ArraySlice<(name: [UInt8], node: ErofsNode)>) -> [UInt8] {
    var heads: [UInt8] = []
    var names: [UInt8] = []
    for (name, node) in entries {
      heads += littleEndianBytes(UInt64(node.address / 32)) + littleEndianBytes(UInt16(entries.count * 12 + names.count))
      heads += [fileType(node), 0]
      names += name
    }
    return heads + names
  }

  /// `FT_*` of fs/fs_types.
  private func fileType(_ node: ErofsNode) -> UInt8 {
    switch node.kind {
    case .regular: 1
    case .directory: 2
    case .characterDevice: 3
    case .blockDevice: 4
    case .fifo: 5
    case .symbolicLink: 7
    }
  }
}
