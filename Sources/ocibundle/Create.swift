internal import Bundle
internal import CommandSupport
internal import Linux
internal import SystemPackage

let create = Verb(
  "create", "[--container] [OPTIONS] IMAGE [DIR] [COMMAND] [ARG...]",
  "Make a bundle from an image and docker run's options",
  options: CreateRequest.options + ContainerOptionTable.options, order: .beforeOperands, usageExit: ExitCode.containerFailed
) { options in
  do throws(BundleError) {
    let request = try CreateRequest(options, workingDirectory: try absolutePath(".").string)
    let bundle = try createBundle(request, try places(options))
    if request.place == .container { printLine(bundle.id) }
    return ExitCode.success
  } catch {
    guard case .imageNotFound(let name) = error else {
      Diagnostics.error(error.description)
      return ExitCode.containerFailed
    }
    // The caller reads from standard output what it should pull.
    printLine(name)
    Diagnostics.error(error.description)
    return ExitCode.noImage
  }
}
