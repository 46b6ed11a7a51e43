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
    }

    package var classID: UInt32?
    package var priorities: [InterfacePriority]?

    package init(classID: UInt32? = nil, priorities: [InterfacePriority]? = nil) {
      self.classID = classID
      self.priorities = priorities
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
  }

  /// What a remote direct memory access device may be asked for (config-linux.md#rdma).
  package struct Rdma: Hashable, Sendable, Codable {
    package var hcaHandles: UInt32?
    package var hcaObjects: UInt32?

    package init(hcaHandles: UInt32? = nil, hcaObjects: UInt32? = nil) {
      self.hcaHandles = hcaHandles
      self.hcaObjects = hcaObjects
    }
  }
}
