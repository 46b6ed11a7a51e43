internal import Events
internal import SystemPackage

extension ContainerStore {
  /// Gives a container another name. A crash in between leaves it with one of the two.
  package func rename(_ typed: String, to wanted: String) throws(BundleError) {
    let name = wanted.hasPrefix("/") ? String(wanted.dropFirst()) : wanted
    if name.isEmpty { throw .refused("Neither old nor new names may be empty") }
    try checkContainerName(name)
    var container = try resolve(typed)
    let old = container.record.name
    if name == old { throw .refused("Renaming a container with the same name as its current name") }
    try take(name: name, for: container.record.id)
    container.record.name = name
    try writeJSON(container.record, to: container.directory.appending(ContainerRecord.fileName), durable: .yes)
    try release(name: old, of: container.record.id)
    EventJournal(runRoot: places.run).append("rename", ofBundle: container.directory, [("oldName", "/" + old)])
  }
}
