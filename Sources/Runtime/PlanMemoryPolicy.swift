internal import OCIRuntimeSpec

extension ProcessPlan {
  /// The arguments of set_mempolicy(2).
  package struct MemoryPolicy: Equatable {
    package var mode: Int32
    /// Bit n is node n.
    package var nodes: [UInt8]
  }
}

extension ProcessPlan.MemoryPolicy {
  init(_ policy: MemoryPolicy) throws(RuntimeError) {
    let property = "linux.memoryPolicy"
    guard let named = MemoryPolicy.Mode(rawValue: policy.mode) else {
      throw .property("\(property).mode", "invalid memory policy mode '\(policy.mode)'")
    }
    var mode = ProcessPlan.MemoryPolicy.number(named)
    for (index, name) in (policy.flags ?? []).enumerated() {
      guard let flag = MemoryPolicy.Flag(rawValue: name) else {
        throw .property("\(property).flags[\(index)]", "invalid memory policy flag '\(name)'")
      }
      mode |= ProcessPlan.MemoryPolicy.bit(flag)
    }
    let nodes: [UInt8]?
    do { nodes = try processorMask(policy.nodes ?? "", "\(property).nodes") } catch {
      throw .property("\(property).nodes", "invalid memory policy nodes '\(policy.nodes ?? "")'")
    }
    let count = (nodes ?? []).reduce(0) { $0 + $1.nonzeroBitCount }
    if named == .default || named == .local, count > 0 {
      throw .property("\(property).nodes", "\(policy.mode): mode requires 0 nodes but got \(count)")
    }
    if ![.default, .local, .preferred].contains(named), count == 0 {
      throw .property("\(property).nodes", "\(policy.mode): mode requires at least 1 node but got 0")
    }
    self.init(mode: mode, nodes: nodes ?? [])
  }

  /// linux/mempolicy.h.
  private static func number(_ mode: MemoryPolicy.Mode) -> Int32 {
    switch mode {
    case .default: 0
    case .preferred: 1
    case .bind: 2
    case .interleave: 3
    case .local: 4
    case .preferredMany: 5
    case .weightedInterleave: 6
    }
  }

  private static func bit(_ flag: MemoryPolicy.Flag) -> Int32 {
    switch flag {
    case .numaBalancing: 1 << 13
    case .relativeNodes: 1 << 14
    case .staticNodes: 1 << 15
    }
  }
}
