internal import JSON
internal import Linux
package import SystemPackage

/// What a monitor obeys of container.json. A bundle without one (made by hand) is a container that is named like its
/// directory and has docker's defaults.
package struct ContainerSettings: Sendable {
  /// The bundle, absolute.
  package let bundle: FilePath
  package let id: String
  package var tty = false
  package var openStdin = false
  /// Which streams a foreground run shows.
  package var attach: Set<String> = ["stdout", "stderr"]
  package var detach = false
  package var detachKeys: String?
  package var signalProxy = true
  package var autoRemove = false
  package var restartPolicy = RestartPolicy.no
  package var stopSignal: Int32 = Signal.terminate
  /// Seconds; negative waits for ever.
  package var stopTimeout = 10
  package var healthcheck: Healthcheck?
  package var log = LogOptions()
  package var labels: [String: String] = [:]

  package init(bundle directory: FilePath) throws(MonitorError) {
    let bundle = try attempting("bundle '\(directory)'") { () throws(SystemError) -> FilePath in
      directory.isAbsolute ? directory : try workingDirectory().pushing(directory)
    }.lexicallyNormalized()
    self.bundle = bundle
    let configuration = try Self.read(bundle.appending("config.json"), required: true)
    let record = try Self.read(bundle.appending("container.json"), required: false)
    id = record?["id"]?.stringValue ?? bundle.lastComponent?.string ?? ""
    tty = record?["tty"]?.boolValue ?? configuration?["process"]?["terminal"]?.boolValue ?? false
    guard let record else { return }
    openStdin = record["openStdin"]?.boolValue ?? false
    if let names = record["attach"]?.arrayValue { attach = Set(names.compactMap(\.stringValue)) }
    detach = record["detach"]?.boolValue ?? false
    detachKeys = record["detachKeys"]?.stringValue
    signalProxy = record["signalProxy"]?.boolValue ?? true
    autoRemove = record["autoRemove"]?.boolValue ?? false
    stopTimeout = record["stopTimeout"]?.integerValue ?? 10
    if let number = record["stopSignalNumber"]?.integerValue
      ?? record["stopSignal"]?.stringValue.flatMap({ Signal.number($0).map(Int.init) })
    {
      stopSignal = Int32(truncatingIfNeeded: number)
    }
    if let policy = record["restartPolicy"] { restartPolicy = try RestartPolicy(policy) }
    if let check = record["healthcheck"] { healthcheck = Healthcheck(check) }
    if let log = record["log"] { self.log = try LogOptions(log) }
  }

  private static func read(_ path: FilePath, required: Bool) throws(MonitorError) -> JSONValue? {
    let content: [UInt8]
    do { content = try readFile(path, limit: 16 << 20) } catch {
      if !required, error.errno == .noSuchFileOrDirectory { return nil }
      throw .system("bundle", error)
    }
    do { return try JSONValue(parsing: content) } catch { throw .failed("'\(path)': \(error)") }
  }
}
