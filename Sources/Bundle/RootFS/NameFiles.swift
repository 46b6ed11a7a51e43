internal import Linux
internal import SystemPackage

/// The text of the three files that a bundle has mounted over `/etc`: hosts(5), hostname(5) and resolv.conf(5).
enum NameFiles {
  /// docker's lines and those of `--add-host`; netctl adds the container's own address when it has one.
  static func hosts(_ extra: [(address: String, name: String)]) -> String {
    let lines =
      [
        ("127.0.0.1", "localhost"), ("::1", "localhost ip6-localhost ip6-loopback"), ("fe00::", "ip6-localnet"),
        ("ff00::", "ip6-mcastprefix"), ("ff02::1", "ip6-allnodes"), ("ff02::2", "ip6-allrouters"),
      ] + extra.map { ($0.address, $0.name) }
    return lines.map { "\($0.0)\t\($0.1)\n" }.joined()
  }

  /// resolv.conf for a container: the flags' values where there are some, else the host's. A name server on the host's loopback is none
  /// for a container with a network of its own; where no other is left, docker's two are taken.
  static func resolverConfiguration(
    host: String, servers: [String], search: [String], options: [String], sharesNetwork: Bool
  ) -> String {
    let parsed = ResolverConfiguration(host)
    var nameServers = servers.isEmpty ? parsed.servers.filter { sharesNetwork || !isLoopback($0) } : servers
    if nameServers.isEmpty, !sharesNetwork { nameServers = ["8.8.8.8", "8.8.4.4"] }
    let searchList = search.isEmpty ? parsed.search : search == ["."] ? [] : search.filter { $0 != "." }
    let chosen = options.isEmpty ? parsed.options : options
    var text = nameServers.map { "nameserver \($0)\n" }.joined()
    if !searchList.isEmpty { text += "search \(searchList.joined(separator: " "))\n" }
    if !chosen.isEmpty { text += "options \(chosen.joined(separator: " "))\n" }
    return text
  }

  /// The host's own resolv.conf; systemd-resolved's real one where /etc has only its stub on 127.0.0.53.
  static func hostResolverConfiguration() -> String {
    let text = hostFile("/etc/resolv.conf")
    guard ResolverConfiguration(text).servers == ["127.0.0.53"] else { return text }
    let real = hostFile("/run/systemd/resolve/resolv.conf")
    return real.isEmpty ? text : real
  }

  static func hostFile(_ path: FilePath) -> String {
    // A host without the file is a host without an opinion.
    String(decoding: (try? readFile(path, limit: 1 << 20)) ?? [], as: UTF8.self)
  }

  private static func isLoopback(_ address: String) -> Bool { address.hasPrefix("127.") || address == "::1" }
}

private struct ResolverConfiguration {
  var servers: [String] = []
  var search: [String] = []
  var options: [String] = []

  init(_ text: String) {
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
      guard words.count > 1 else { continue }
      switch words[0] {
      case "nameserver": servers.append(words[1])
      // The last of these lines counts.
      case "search", "domain": search = Array(words.dropFirst())
      case "options": options += words.dropFirst()
      default: break
      }
    }
  }
}
