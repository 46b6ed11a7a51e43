import JSON

extension Resources {
  /// Classes and priorities of cgroup v1 (config-linux.md#network).
  package struct Network: Hashable, Sendable, Codable {
    /// The priority of what leaves by an interface.
    package struct InterfacePriority: Hashable, Sendable, Codable {
      /// In the runtime's network namespace.
      package var name: String
      package var priority: UInt32

      package init(name: String, priority: UInt32) {
        self.name = name
        self.priority = priority
      }

      package init(from decoder: any Decoder) throws {
        let members = try JSONMembers(of: decoder)
        name = try members.required("name")
        priority = try members.required("priority")
      }
    }

    package var classID: UInt32?
    package var priorities: [InterfacePriority]?

    package init(classID: UInt32? = nil, priorities: [InterfacePriority]? = nil) {
      self.classID = classID
      self.priorities = priorities
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      classID = try members.optional("classID")
      priorities = try members.optional("priorities")
    }
  }

  /// How much memory in huge pages of a size (config-linux.md#huge-page-limits).
  package struct HugepageLimit: Hashable, Sendable, Codable {
    /// Such as `2MB`.
    package var pageSize: String
    /// Bytes.
    package var limit: UInt64

    package init(pageSize: String, limit: UInt64) {
      self.pageSize = pageSize
      self.limit = limit
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      pageSize = try members.required("pageSize")
      limit = try members.required("limit")
    }
  }

  /// What a remote direct memory access device may be asked for (config-linux.md#rdma).
  package struct Rdma: Hashable, Sendable, Codable {
    package var hcaHandles: UInt32?
    package var hcaObjects: UInt32?

    package init(hcaHandles: UInt32? = nil, hcaObjects: UInt32? = nil) {
      self.hcaHandles = hcaHandles
      self.hcaObjects = hcaObjects
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      hcaHandles = try members.optional("hcaHandles")
      hcaObjects = try members.optional("hcaObjects")
    }
  }
}
