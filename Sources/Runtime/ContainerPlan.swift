package import Linux
package import OCIRuntimeSpec
package import SystemPackage

/// Everything that a config.json asks for, checked and in the kernel's terms; applied by ``ContainerInit`` and ``Container/create``.
package struct ContainerPlan {
  package var namespaces = NamespacePlan()
  /// The root file system's directory on the host.
  package var rootfs: FilePath
  package var readOnlyRootfs = false
  /// `linux.rootfsPropagation`; nil where the configuration does not say.
  package var rootfsPropagation: MountOptions.Propagation?
  package var mounts: [MountStep] = []
  package var devices: [DeviceStep] = []
  package var networkDevices: [NetworkDeviceStep] = []
  /// The SELinux context of file systems that are mounted for the container (`linux.mountLabel`).
  package var mountLabel: String?
  package var maskedPaths: [FilePath] = []
  package var readOnlyPaths: [FilePath] = []
  package var hostName: String?
  package var domainName: String?
  /// File below /proc/sys and what is written to it.
  package var sysctls: [Sysctl] = []
  /// Lines for `/proc/self/timens_offsets`.
  package var timeOffsets: [String] = []
  package var process: ProcessPlan?
  /// chroot instead of pivot_root (`--no-pivot`), for root file systems on a ramdisk.
  package var withoutPivot = false

  package struct Sysctl: Equatable {
    package var key: String
    package var value: String
    /// `net.ipv4.ip_forward` is `net/ipv4/ip_forward` below /proc/sys.
    package var path: FilePath
  }
}

/// One entry of `mounts`.
package struct MountStep: Equatable {
  package enum Source: Equatable {
    /// A file or directory of the host.
    case bind(FilePath)
    case fileSystem(type: String, source: String)
    /// The container's own part of every control group hierarchy.
    case cgroup
    /// Other attributes for what is there already (`remount`).
    case existing
  }

  /// `mounts[3]`, for messages.
  package var property: String
  package var destination: FilePath
  package var source: Source
  package var options: MountOptions
  package var uidMappings: [IDMapping] = []
  package var gidMappings: [IDMapping] = []

  /// Read-only only after the device nodes and the mount points inside have been made.
  var isReadOnlyLater: Bool {
    if case .fileSystem("tmpfs", _) = source { return options.set.contains(.readOnly) }
    return false
  }

  var object: String {
    switch source {
    case .bind(let path): "\(quoted(path)) on \(quoted(destination))"
    case .fileSystem(let type, _): "\(quoted(type)) on \(quoted(destination))"
    case .cgroup: "'cgroup' on \(quoted(destination))"
    case .existing: quoted(destination)
    }
  }
}

/// A device node below /dev or elsewhere.
package struct DeviceStep: Equatable {
  package var property: String
  package var path: FilePath
  package var kind: FileKind
  package var major: UInt32
  package var minor: UInt32
  package var permissions: UInt32
  package var userID: UInt32
  package var groupID: UInt32
}

/// Which namespaces are made and which are entered.
package struct NamespacePlan: Equatable {
  package struct Joined: Equatable {
    package var kind: NamespaceKinds
    package var path: FilePath
    /// `linux.namespaces[2].path`
    package var property: String
  }
  package var created: NamespaceKinds = []
  package var joined: [Joined] = []
  package var uidMappings: [IDMapping] = []
  package var gidMappings: [IDMapping] = []

  /// All kinds that are not the runtime's own.
  package var all: NamespaceKinds { joined.reduce(created) { $0.union($1.kind) } }
}

/// The process: `process` of config.json or the process.json of exec.
package struct ProcessPlan {
  package var arguments: [String]
  package var environment: [String]
  package var workingDirectory: FilePath
  package var hasTerminal = false
  package var consoleSize: WindowSize?
  package var userID: UInt32 = 0
  package var groupID: UInt32 = 0
  package var additionalGroupIDs: [UInt32] = []
  package var umask: UInt32?
  package var capabilities: CapabilityPlan?
  package var limits: [Limit] = []
  package var noNewPrivileges = false
  package var oomScoreAdjustment: Int?
  package var appArmorProfile: String?
  package var selinuxLabel: String?
  package var personality: UInt?
  package var memoryPolicy: MemoryPolicy?
  package var scheduler: Scheduler?
  package var ioPriority: IOPriority?
  package var affinity: (initial: [UInt8]?, final: [UInt8]?) = (nil, nil)
  package var preservedDescriptors: Int32 = 0
  /// What could not be taken as it stands and is no reason to fail.
  package var warnings: [String] = []

  package struct Limit: Equatable {
    package var property: String
    package var name: String
    package var number: Int32
    package var soft: UInt64
    package var hard: UInt64
  }

  package struct Scheduler: Equatable {
    package var policy: UInt32
    package var flags: UInt64
    package var nice: Int32
    package var priority: UInt32
    package var runtime: UInt64
    package var deadline: UInt64
    package var period: UInt64
    /// `linux.resources.cpu.cpus`, which a deadline has no room beside (sched_setattr(2), EPERM).
    package var processors: String?
  }

  package struct IOPriority: Equatable {
    package var `class`: Int32
    package var level: Int32
  }
}

/// The five sets of `process.capabilities`.
package struct CapabilityPlan: Equatable {
  package var bounding: CapabilitySet = []
  package var effective: CapabilitySet = []
  package var permitted: CapabilitySet = []
  package var inheritable: CapabilitySet = []
  package var ambient: CapabilitySet = []
}
