internal import CLinux

/// One step of an nf_tables rule (nft(8), "expressions"). Registers are counted in four-byte units: 0...15.
///
/// Every step is a netlink attribute `NFTA_LIST_ELEM` that names the expression and holds its own attributes, all in network byte order.
package enum NetfilterExpression: Sendable {
  package enum Header: UInt32, Sendable {
    case network = 1
    case transport = 2
  }
  package enum Meta: UInt32, Sendable {
    case inputInterfaceName = 6
    case outputInterfaceName = 7
    case transportProtocol = 16
  }
  package enum Tracked: UInt32, Sendable {
    case state = 0
    case status = 2
  }
  package enum Verdict: Sendable {
    case accept, drop
    case jump(String)
  }

  /// Bytes of a header into a register.
  case payload(Header, offset: UInt32, length: UInt32, register: UInt32)
  case meta(Meta, register: UInt32)
  /// A property of the connection that the packet belongs to.
  case connection(Tracked, register: UInt32)
  /// What kind of address the destination is to this host (`fib daddr type`).
  case destinationType(register: UInt32)
  case compare(register: UInt32, equal: Bool, [UInt8])
  /// The rule goes on if any of these bits (in host byte order) is set in the register.
  case anyBit(register: UInt32, UInt32)
  /// The rule goes on if the set has (or has not) what begins at the register.
  case lookup(set: String, register: UInt32, inverted: Bool)
  /// The rule goes on if the map has what begins at the register; its value then begins at `value`.
  case map(String, register: UInt32, value: UInt32)
  /// A number from 0 to `modulus` - 1: the next one after the last packet's, or a random one.
  case number(random: Bool, modulus: UInt32, register: UInt32)
  /// Jenkins' hash of `length` bytes from a register on, modulo `modulus`, into another register.
  case hash(register: UInt32, length: UInt32, modulus: UInt32, value: UInt32)
  case verdict(Verdict)
  /// A new destination, IPv4, from registers.
  case destinationNAT(address: UInt32, port: UInt32?)
  case masquerade

  package func encode(into list: inout NetlinkMessage) {
    switch self {
    case .payload(let header, let offset, let length, let register):
      list.expression("payload") {
        $0.attribute(NFTA_PAYLOAD_DREG.rawValue, bigEndian: Self.number(register))
        $0.attribute(NFTA_PAYLOAD_BASE.rawValue, bigEndian: header.rawValue)
        $0.attribute(NFTA_PAYLOAD_OFFSET.rawValue, bigEndian: offset)
        $0.attribute(NFTA_PAYLOAD_LEN.rawValue, bigEndian: length)
      }
    case .meta(let key, let register):
      list.expression("meta") {
        $0.attribute(NFTA_META_KEY.rawValue, bigEndian: key.rawValue)
        $0.attribute(NFTA_META_DREG.rawValue, bigEndian: Self.number(register))
      }
    case .connection(let key, let register):
      list.expression("ct") {
        $0.attribute(NFTA_CT_KEY.rawValue, bigEndian: key.rawValue)
        $0.attribute(NFTA_CT_DREG.rawValue, bigEndian: Self.number(register))
      }
    case .destinationType(let register):
      list.expression("fib") {
        $0.attribute(NFTA_FIB_FLAGS.rawValue, bigEndian: UInt32(NFTA_FIB_F_DADDR.rawValue))
        $0.attribute(NFTA_FIB_RESULT.rawValue, bigEndian: UInt32(NFT_FIB_RESULT_ADDRTYPE.rawValue))
        $0.attribute(NFTA_FIB_DREG.rawValue, bigEndian: Self.number(register))
      }
    case .compare(let register, let equal, let bytes): Self.compare(register, equal, bytes, &list)
    case .anyBit(let register, let mask):
      let zero = [UInt8](repeating: 0, count: 4)
      list.expression("bitwise") {
        $0.attribute(NFTA_BITWISE_SREG.rawValue, bigEndian: Self.number(register))
        $0.attribute(NFTA_BITWISE_DREG.rawValue, bigEndian: Self.number(register))
        $0.attribute(NFTA_BITWISE_LEN.rawValue, bigEndian: UInt32(4))
        $0.nested(NFTA_BITWISE_MASK.rawValue) { $0.attribute(NFTA_DATA_VALUE.rawValue, mask) }
        $0.nested(NFTA_BITWISE_XOR.rawValue) { $0.attribute(NFTA_DATA_VALUE.rawValue, bytes: zero) }
      }
      Self.compare(register, false, zero, &list)
    case .lookup(let set, let register, let inverted):
      list.expression("lookup") {
        $0.attribute(NFTA_LOOKUP_SET.rawValue, set)
        $0.attribute(NFTA_LOOKUP_SREG.rawValue, bigEndian: Self.number(register))
        if inverted { $0.attribute(NFTA_LOOKUP_FLAGS.rawValue, bigEndian: UInt32(NFT_LOOKUP_F_INV.rawValue)) }
      }
    case .map(let map, let register, let value):
      list.expression("lookup") {
        $0.attribute(NFTA_LOOKUP_SET.rawValue, map)
        $0.attribute(NFTA_LOOKUP_SREG.rawValue, bigEndian: Self.number(register))
        $0.attribute(NFTA_LOOKUP_DREG.rawValue, bigEndian: Self.number(value))
      }
    case .number(let random, let modulus, let register):
      list.expression("numgen") {
        $0.attribute(NFTA_NG_DREG.rawValue, bigEndian: Self.number(register))
        $0.attribute(NFTA_NG_MODULUS.rawValue, bigEndian: modulus)
        $0.attribute(NFTA_NG_TYPE.rawValue, bigEndian: UInt32(random ? NFT_NG_RANDOM.rawValue : NFT_NG_INCREMENTAL.rawValue))
      }
    case .hash(let register, let length, let modulus, let value):
      list.expression("hash") {
        $0.attribute(NFTA_HASH_SREG.rawValue, bigEndian: Self.number(register))
        $0.attribute(NFTA_HASH_DREG.rawValue, bigEndian: Self.number(value))
        $0.attribute(NFTA_HASH_LEN.rawValue, bigEndian: length)
        $0.attribute(NFTA_HASH_MODULUS.rawValue, bigEndian: modulus)
        $0.attribute(NFTA_HASH_TYPE.rawValue, bigEndian: UInt32(NFT_HASH_JENKINS.rawValue))
      }
    case .verdict(let verdict): Self.encode(verdict, &list)
    case .destinationNAT(let address, let port):
      list.expression("nat") {
        $0.attribute(NFTA_NAT_TYPE.rawValue, bigEndian: UInt32(NFT_NAT_DNAT.rawValue))
        $0.attribute(NFTA_NAT_FAMILY.rawValue, bigEndian: UInt32(2))
        $0.attribute(NFTA_NAT_REG_ADDR_MIN.rawValue, bigEndian: Self.number(address))
        if let port { $0.attribute(NFTA_NAT_REG_PROTO_MIN.rawValue, bigEndian: Self.number(port)) }
      }
    case .masquerade: list.expression("masq") { _ in }
    }
  }

  /// The kernel's number for a four-byte register (`NFT_REG32_00` and on).
  private static func number(_ register: UInt32) -> UInt32 { UInt32(NFT_REG32_00.rawValue) + register }

  private static func compare(_ register: UInt32, _ equal: Bool, _ bytes: [UInt8], _ list: inout NetlinkMessage) {
    list.expression("cmp") {
      $0.attribute(NFTA_CMP_SREG.rawValue, bigEndian: number(register))
      $0.attribute(NFTA_CMP_OP.rawValue, bigEndian: UInt32(equal ? NFT_CMP_EQ.rawValue : NFT_CMP_NEQ.rawValue))
      $0.nested(NFTA_CMP_DATA.rawValue) { $0.attribute(NFTA_DATA_VALUE.rawValue, bytes: bytes) }
    }
  }

  private static func encode(_ verdict: Verdict, _ list: inout NetlinkMessage) {
    list.expression("immediate") {
      $0.attribute(NFTA_IMMEDIATE_DREG.rawValue, bigEndian: UInt32(NFT_REG_VERDICT.rawValue))
      $0.nested(NFTA_IMMEDIATE_DATA.rawValue) {
        $0.nested(NFTA_DATA_VERDICT.rawValue) { data in
          switch verdict {
          case .drop: data.attribute(NFTA_VERDICT_CODE.rawValue, bigEndian: UInt32(0))
          case .accept: data.attribute(NFTA_VERDICT_CODE.rawValue, bigEndian: UInt32(1))
          case .jump(let chain):
            data.attribute(NFTA_VERDICT_CODE.rawValue, bigEndian: NFT_JUMP.rawValue)
            data.attribute(NFTA_VERDICT_CHAIN.rawValue, chain)
          }
        }
      }
    }
  }
}

extension NetlinkMessage {
  fileprivate mutating func expression(_ name: String, _ body: (inout NetlinkMessage) -> Void) {
    nested(NFTA_LIST_ELEM.rawValue) {
      $0.attribute(NFTA_EXPR_NAME.rawValue, name)
      $0.nested(NFTA_EXPR_DATA.rawValue, body)
    }
  }
}
