internal import CLinux
internal import Glibc
package import SystemPackage

/// One extended attribute (xattr(7)). Names and values are bytes.
package struct ExtendedAttribute: Hashable, Sendable {
  package let name: [UInt8]
  package let value: [UInt8]

  package init(name: [UInt8], value: [UInt8]) {
    self.name = name
    self.value = value
  }

  package init(_ name: String, _ value: [UInt8]) {
    self.init(name: Array(name.utf8), value: value)
  }
}

extension OwnedDescriptor {
  /// Every extended attribute of the open file, sorted by name; none where the file system has none. The descriptor must not be
  /// one of `O_PATH`.
  package func extendedAttributes() throws(SystemError) -> [ExtendedAttribute] {
    let descriptor = rawValue
    return try unsafe readAttributes(
      "descriptor \(descriptor)",
      list: { unsafe flistxattr(descriptor, $0, $1) }, get: { unsafe fgetxattr(descriptor, $0, $1, $2) })
  }

  /// The extended attributes of `name` in this directory, which is not followed if it is a symbolic link. Needs /proc.
  package func extendedAttributes(of name: FilePath) throws(SystemError) -> [ExtendedAttribute] {
    let path = procPath.appending(name.components).bytes.map { CChar(bitPattern: $0) } + [0]
    return try unsafe readAttributes(
      quoted(name),
      list: { unsafe llistxattr(path, $0, $1) }, get: { unsafe lgetxattr(path, $0, $1, $2) })
  }

  /// fgetxattr(2) of one attribute; nil where the file has none of that name.
  package func extendedAttribute(_ name: String) throws(SystemError) -> [UInt8]? {
    var value = [UInt8](repeating: 0, count: 256)
    while true {
      let count = unsafe fgetxattr(rawValue, name, &value, value.count)
      if count >= 0 { return Array(value[..<count]) }
      switch Glibc.errno {
      case ENODATA, EOPNOTSUPP: return nil
      case ERANGE where value.count < 65536: value = [UInt8](repeating: 0, count: 65536)
      default: throw SystemError("getxattr", quoted(name), Errno(rawValue: Glibc.errno))
      }
    }
  }

  /// fsetxattr(2).
  package func setExtendedAttribute(_ attribute: ExtendedAttribute) throws(SystemError) {
    let name = attribute.name.map { CChar(bitPattern: $0) } + [0]
    try nothingOrError("setxattr", quoted(String(decoding: attribute.name, as: UTF8.self))) {
      unsafe fsetxattr(rawValue, name, attribute.value, attribute.value.count, 0)
    }
  }

  /// lsetxattr(2) on `name` in this directory, which is not followed. Needs /proc.
  package func setExtendedAttribute(_ attribute: ExtendedAttribute, on name: FilePath) throws(SystemError) {
    let key = attribute.name.map { CChar(bitPattern: $0) } + [0]
    let path = procPath.appending(name.components)
    try nothingOrError("setxattr", quoted(name)) {
      unsafe path.withPlatformString { unsafe lsetxattr($0, key, attribute.value, attribute.value.count, 0) }
    }
  }

  /// fremovexattr(2).
  package func removeExtendedAttribute(_ name: [UInt8]) throws(SystemError) {
    let key = name.map { CChar(bitPattern: $0) } + [0]
    try nothingOrError("removexattr", quoted(String(decoding: name, as: UTF8.self))) { unsafe fremovexattr(rawValue, key) }
  }
}

/// Lists names and fetches values, again where another process changed them in between.
private func readAttributes(
  _ object: @autoclosure () -> String, list: (UnsafeMutablePointer<CChar>?, Int) -> Int,
  get: (UnsafePointer<CChar>, UnsafeMutableRawPointer?, Int) -> Int
) throws(SystemError) -> [ExtendedAttribute] {
  while true {
    let size = list(nil, 0)
    if size == 0 { return [] }
    if size < 0 {
      if Glibc.errno == EOPNOTSUPP { return [] }
      throw SystemError("listxattr", object(), Errno(rawValue: Glibc.errno))
    }
    var names = [CChar](repeating: 0, count: size)
    let count = unsafe list(&names, size)
    if count < 0 {
      if Glibc.errno == ERANGE { continue }
      throw SystemError("listxattr", object(), Errno(rawValue: Glibc.errno))
    }
    var attributes: [ExtendedAttribute] = []
    for name in names[..<count].split(separator: 0) {
      if let value = try unsafe readValue(Array(name), object(), get: get) {
        attributes.append(ExtendedAttribute(name: name.map { UInt8(bitPattern: $0) }, value: value))
      }
    }
    return attributes.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }
}

private func readValue(
  _ name: [CChar], _ object: @autoclosure () -> String,
  get: (UnsafePointer<CChar>, UnsafeMutableRawPointer?, Int) -> Int
) throws(SystemError) -> [UInt8]? {
  let key = name + [0]
  while true {
    let size = unsafe get(key, nil, 0)
    var value = [UInt8](repeating: 0, count: max(size, 0))
    let count = size > 0 ? unsafe get(key, &value, size) : size
    if count >= 0 { return Array(value[..<count]) }
    switch Glibc.errno {
    case ENODATA: return nil
    case ERANGE: continue
    default: throw SystemError("getxattr", object(), Errno(rawValue: Glibc.errno))
    }
  }
}
