import ArgumentParser
import CommandSupport
import Linux
import Registry

struct LoginVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "login", abstract: "Prove who you are to a registry and remember it.")

  @OptionGroup var registry: RegistryOptionsGroup
  @ArgumentParser.Option(name: [.short, .long], help: ArgumentHelp("The user.", valueName: "name")) var username: String?
  @ArgumentParser.Option(name: [.short, .long], help: ArgumentHelp("The password; better given on standard input.", valueName: "password"))
  var password: String?
  @Flag(name: .long, help: "Read the password from standard input.") var passwordStdin = false
  @Argument(help: ArgumentHelp("The registry (default docker.io).", valueName: "server")) var server = "docker.io"

  func run() {
    attempt {
      let host = RegistryHost(serverName(server))
      var file = try registry.credentialFile
      let credential = try ask()
      try registry.client(host, credential: credential).authenticate()
      try file.store(credential, for: host)
      printLine("Login Succeeded")
    }
  }

  private func ask() throws -> Credential {
    if password != nil, passwordStdin { throw Failure("--password and --password-stdin are mutually exclusive") }
    if password != nil { Diagnostics.warning("a password on the command line can be seen by others; use --password-stdin") }
    if passwordStdin, username == nil { throw Failure("must provide --username with --password-stdin") }
    let user = try username ?? prompt("Username: ", echo: true)
    let secret: String
    if let password {
      secret = password
    } else if passwordStdin {
      secret = String(decoding: try StandardStream.input.readAll(limit: 1 << 20), as: UTF8.self).trimmedNewline
    } else {
      secret = try prompt("Password: ", echo: false)
    }
    if user.isEmpty || secret.isEmpty { throw Failure("username and password must not be empty") }
    return .password(user: user, password: secret)
  }

  private func prompt(_ text: String, echo: Bool) throws -> String {
    guard StandardStream.input.isTerminal else {
      throw Failure("standard input is no terminal; use --username and --password-stdin")
    }
    try StandardStream.error.write(text)
    return try readTerminalLine(echo: echo)
  }
}

extension String {
  fileprivate var trimmedNewline: String {
    var rest = Substring(self)
    while let last = rest.last, last.isNewline { rest.removeLast() }
    return String(rest)
  }
}

/// A server as people type it: a scheme and a path do not count; docker's own names for its registry mean docker.io.
func serverName(_ typed: String) -> String {
  var rest = Substring(typed)
  for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
  let name = String(rest.prefix { $0 != "/" })
  return ["index.docker.io", "registry-1.docker.io", ""].contains(name) ? "docker.io" : name
}
