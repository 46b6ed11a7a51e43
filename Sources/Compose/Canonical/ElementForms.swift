extension Form {
  /// The whole of a file.
  static let project = Form.object([
    "name": .scalar, "version": .scalar, "include": .any, "services": .optional(.names(service)),
    "networks": .optional(.names(.optional(network))), "volumes": .optional(.names(.optional(volume))),
    "secrets": .optional(.names(secret)), "configs": .optional(.names(config)),
  ])

  private static let network = Form.object([
    "name": .scalar, "driver": .scalar, "driver_opts": .names(.optional(.scalar)), "external": external, "internal": .flag,
    "attachable": .flag,
    "enable_ipv4": .flag, "enable_ipv6": .flag, "labels": .keyValues(),
    "ipam": .object([
      "driver": .scalar, "options": .names(.scalar),
      "config": .list(
        .object([
          "subnet": .scalar, "ip_range": .scalar, "gateway": .scalar, "aux_addresses": .names(.scalar),
        ])),
    ]),
  ])

  private static let volume = Form.then(
    .object(["name": .scalar, "driver": .scalar, "driver_opts": .names(.optional(.scalar)), "external": external, "labels": .keyValues()])
  ) { (node, _, canonical) throws(ComposeError) in
    // A local volume that binds a directory names it like any other path.
    guard var options = node["driver_opts"]?.mapping, options["o"]?.string?.split(separator: ",").contains("bind") == true,
      let device = options["device"], let text = device.string, var mapping = node.mapping
    else { return node }
    options.set("device", Node(.string(canonical.absolute(text)), at: device.position), keyPosition: device.position)
    mapping.set("driver_opts", Node(.mapping(options), at: device.position), keyPosition: device.position)
    return Node(.mapping(mapping), at: node.position, mergeTag: node.mergeTag)
  }

  private static let secret = Form.object(
    table([
      ("name environment driver template_driver", .scalar), ("file", .path), ("external", external), ("labels", .keyValues()),
      ("driver_opts", .names(.scalar)),
    ]))

  private static let config = Form.object(
    table([
      ("name environment content template_driver", .scalar), ("file", .path), ("external", external), ("labels", .keyValues()),
    ]))

  /// A flag; a mapping with the name is the old spelling of both, which ``Defaults`` undoes.
  private static let external = Form.then(.any) { (node, path, canonical) throws(ComposeError) in
    node.mapping == nil ? try canonical.convert(node, .flag, path) : try canonical.convert(node, .object(["name": .scalar]), path)
  }
}
