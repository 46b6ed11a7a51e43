import ArgumentParser
import CommandSupport
import JSON
import LayerArchive
import Linux

/// `layerctl ls [FILE]`: the entries of a layer.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "ls", abstract: "List a layer's entries.")

  @OptionGroup var limits: LimitOptions
  @Flag(name: .short, help: "Modes, owners, sizes and times as well.") var long = false
  @Flag(help: "One JSON object a line.") var json = false
  @ArgumentParser.Argument(help: "The layer; '-' or none is standard input.") var file: String?

  func run() {
    orFail {
      _ = try checkLayer(try layerSource(file), limits: limits.limits) { (entry) throws(LayerError) in
        printLine(json ? String(decoding: entry.json.serialized(pretty: false), as: UTF8.self) : long ? entry.line : entry.nameAndTarget)
      }
    }
  }
}

extension TarEntry {
  fileprivate var nameAndTarget: String {
    switch kind {
    case .symbolicLink(let target): "\(path) -> \(target)"
    case .hardLink(let target): "\(path) link to \(target)"
    default: "\(path)"
    }
  }

  private var letter: String {
    switch kind {
    case .regular: "-"
    case .hardLink: "h"
    case .symbolicLink: "l"
    case .characterDevice: "c"
    case .blockDevice: "b"
    case .directory: "d"
    case .fifo: "p"
    }
  }

  fileprivate var line: String {
    let permissions = String(mode, radix: 8)
    let amount: String =
      switch kind {
      case .characterDevice(let major, let minor), .blockDevice(let major, let minor): "\(major),\(minor)"
      default: "\(size)"
      }
    return
      "\(letter)\(String(repeating: "0", count: 4 - permissions.count))\(permissions) \(userID):\(groupID) \(amount) \(modified.seconds) \(nameAndTarget)"
  }

  /// `schemas/layer-entry.schema.json`. Names that are not UTF-8 have their odd bytes as `\xNN`, and a backslash doubled.
  fileprivate var json: JSONValue {
    var members: JSONObject = [
      "path": .string("\(path)"), "type": .string(typeName), "mode": .string(String(mode, radix: 8)),
      "uid": .integer(userID), "gid": .integer(groupID), "size": .integer(size), "mtime": .integer(modified.seconds),
    ]
    switch kind {
    case .symbolicLink(let target), .hardLink(let target): members["target"] = .string("\(target)")
    case .characterDevice(let major, let minor), .blockDevice(let major, let minor):
      members["device"] = .string("\(major):\(minor)")
    default: break
    }
    if !attributes.isEmpty { members["xattrs"] = .array(attributes.map { .string("\(BytePath($0.name))") }) }
    return .object(members)
  }

  private var typeName: String {
    switch kind {
    case .regular: "file"
    case .hardLink: "hardlink"
    case .symbolicLink: "symlink"
    case .characterDevice: "char"
    case .blockDevice: "block"
    case .directory: "directory"
    case .fifo: "fifo"
    }
  }
}
