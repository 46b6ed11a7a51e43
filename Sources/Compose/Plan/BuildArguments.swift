internal import JSON

/// The arguments of `docker build` for a service's image; nil where it has no build section.
package func buildArguments(_ service: ServiceModel) throws(ComposeError) -> [String]? {
  guard let build = service.json["build"] else { return nil }
  for name in ["dockerfile_inline", "entitlements", "privileged", "isolation"] where build[name] != nil {
    throw ComposeError("services.\(service.name).build.\(name): there is no such thing here")
  }
  var arguments = ["-t", service.image]
  func texts(_ name: String) -> [String] { (build[name]?.arrayValue ?? []).compactMap(\.scalarText) }
  func add(_ option: String, _ value: String?) { if let value { arguments += ["--" + option, value] } }
  for tag in texts("tags") { arguments += ["-t", tag] }
  let context = build["context"]?.stringValue ?? "."
  if let file = build["dockerfile"]?.stringValue {
    let isRemote = context.contains("://")
    arguments += ["-f", file.hasPrefix("/") || isRemote ? file : context + "/" + file]
  }
  add("target", build["target"]?.scalarText)
  add("network", build["network"]?.scalarText)
  add("shm-size", build["shm_size"]?.scalarText)
  for (name, option) in [("args", "build-arg"), ("labels", "label"), ("additional_contexts", "build-context")] {
    for (key, value) in build[name]?.objectValue ?? JSONObject() { add(option, "\(key)=\(value.scalarText ?? "")") }
  }
  for (name, option) in [("cache_from", "cache-from"), ("cache_to", "cache-to"), ("ssh", "ssh")] {
    for value in texts(name) { add(option, value) }
  }
  for host in texts("extra_hosts") {
    let cut = host.firstIndex(of: "=") ?? host.endIndex
    add("add-host", "\(host[..<cut]):\(host[cut...].dropFirst())")
  }
  for secret in build["secrets"]?.arrayValue ?? [] {
    let name = secret["source"]?.stringValue ?? ""
    let element = service.project.json["secrets"]?[name]
    if let file = element?["file"]?.stringValue { add("secret", "id=\(name),src=\(file)") }
    if let variable = element?["environment"]?.stringValue { add("secret", "id=\(name),env=\(variable)") }
  }
  for (name, limit) in build["ulimits"]?.objectValue ?? JSONObject() {
    add("ulimit", "\(name)=\(limit.scalarText ?? "\(limit["soft"]?.scalarText ?? ""):\(limit["hard"]?.scalarText ?? "")")")
  }
  if let platforms = build["platforms"]?.arrayValue?.compactMap(\.stringValue), !platforms.isEmpty {
    add("platform", platforms.joined(separator: ","))
  }
  for (name, option) in [("no_cache", "--no-cache"), ("pull", "--pull")] where build[name]?.boolValue == true { arguments.append(option) }
  return arguments + [context]
}
