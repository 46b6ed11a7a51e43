package import Linux
internal import SystemPackage

/// Makes the process that is a container's monitor, in the background: a session of its own, no terminal, `/` as directory,
/// a parent to the container's orphans. Returns to the caller once it is made; what becomes of the container comes over
/// `socket`, whose other end the monitor has from the beginning, so that not one byte of output is lost.
package func launchMonitor(_ settings: ContainerSettings, _ places: MonitorPlaces, _ socket: consuming OwnedDescriptor) throws(MonitorError)
{
  let directory = places.directory
  try attempting("monitor") { () throws(SystemError) in
    try makeDirectories(directory, mode: 0o700)
    try makeDirectories(places.runtimeRoot, mode: 0o700)
  }
  guard let child = try attempting("monitor", { () throws(SystemError) in try cloneProcess() }) else {
    becomeMonitor(settings, places, socket)
  }
  // The monitor is a grandchild: its parent ends at once, so that nobody has to wait for it.
  _ = try attempting("monitor") { () throws(SystemError) in try waitForProcess(child.id) }
}

private func becomeMonitor(
  _ settings: ContainerSettings, _ places: MonitorPlaces, _ socket: consuming OwnedDescriptor
) -> Never {
  // Out of the way of the standard streams and of everything else that the caller has open: a pipe of theirs that stayed
  // open here would never end for its reader.
  let connection: Int32 = 3
  do throws(SystemError) {
    try ProcessAttributes.startSession()
    if try cloneProcess() != nil { exitNow(0) }
    try ProcessAttributes.setChildSubreaper()
    ProcessAttributes.setName("ctrmon")
    try changeWorkingDirectory("/")
    if socket.rawValue != connection { try duplicate(socket.release(), to: connection) } else { _ = socket.release() }
    let null = try openFile("/dev/null", .readWrite)
    for number in Int32(0)...2 { try duplicate(null.rawValue, to: number) }
    _ = null.release()
    try closeDescriptors(from: 4)
    try closeOnExecute(from: 3)
  } catch { exitNow(1) }
  do throws(MonitorError) {
    let supervisor = try Supervisor(settings, places)
    try supervisor.adopt(OwnedDescriptor(connection))
    exitNow(supervisor.supervise())
  } catch {
    // Nobody else listens yet.
    let code = if case .alreadyRunning = error { AttachMessage.alreadyRunning } else { Int32(125) }
    try? OwnedDescriptor(connection).send(AttachMessage.failed(code, error.description).packet)
    exitNow(125)
  }
}
