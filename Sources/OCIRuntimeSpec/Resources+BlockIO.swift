import JSON

extension Resources {
  /// Weights and rates of block devices (config-linux.md#block-io).
  package struct BlockIO: Hashable, Sendable, Codable {
    package var weight: UInt16?
    package var leafWeight: UInt16?
    package var weightDevice: [WeightDevice]?
    package var throttleReadBpsDevice: [ThrottleDevice]?
    package var throttleWriteBpsDevice: [ThrottleDevice]?
    package var throttleReadIOPSDevice: [ThrottleDevice]?
    package var throttleWriteIOPSDevice: [ThrottleDevice]?

    package init() {}

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      weight = try members.optional("weight")
      leafWeight = try members.optional("leafWeight")
      weightDevice = try members.optional("weightDevice")
      throttleReadBpsDevice = try members.optional("throttleReadBpsDevice")
      throttleWriteBpsDevice = try members.optional("throttleWriteBpsDevice")
      throttleReadIOPSDevice = try members.optional("throttleReadIOPSDevice")
      throttleWriteIOPSDevice = try members.optional("throttleWriteIOPSDevice")
    }
  }
}

extension Resources.BlockIO {
  /// A device's own weights.
  package struct WeightDevice: Hashable, Sendable, Codable {
    package var major: Int64
    package var minor: Int64
    package var weight: UInt16?
    package var leafWeight: UInt16?

    package init(major: Int64, minor: Int64, weight: UInt16? = nil, leafWeight: UInt16? = nil) {
      self.major = major
      self.minor = minor
      self.weight = weight
      self.leafWeight = leafWeight
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      major = try members.required("major")
      minor = try members.required("minor")
      weight = try members.optional("weight")
      leafWeight = try members.optional("leafWeight")
    }
  }

  /// A device's rate: bytes or operations a second.
  package struct ThrottleDevice: Hashable, Sendable, Codable {
    package var major: Int64
    package var minor: Int64
    package var rate: UInt64

    package init(major: Int64, minor: Int64, rate: UInt64) {
      self.major = major
      self.minor = minor
      self.rate = rate
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      major = try members.required("major")
      minor = try members.required("minor")
      rate = try members.required("rate")
    }
  }
}
