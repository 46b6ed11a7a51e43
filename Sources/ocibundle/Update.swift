internal import Bundle
internal import CommandSupport

let update = Verb(
  "update", "[OPTIONS] CONTAINER...", "Change limits and restart policy of containers", options: ContainerOptionTable.updates,
  operandCount: 1...Int.max
) { options in
  let places = try places(options)
  let change = try ContainerUpdate(options)
  return forEach(options.operands) { operand throws(BundleError) in
    try change.apply(to: operand, places)
    print(operand)
  }
}
