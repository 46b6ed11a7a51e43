import SystemPackage
import Testing

@testable import Linux

@Suite struct NetlinkTests {
  @Test func attributesAreWrittenAndRead() throws {
    var message = NetlinkMessage(type: 16, flags: .create)
    message.append(UInt32(0x0403_0201))
    message.attribute(1, "lo")
    message.attribute(2, UInt32(7))
    message.nested(3) { inner in
      inner.attribute(1, bigEndian: UInt16(80))
      inner.attribute(2, bytes: [9])
    }
    message.finish(sequence: 5, acknowledged: true)
    #expect(message.bytes.count == 16 + 4 + 8 + 8 + (4 + 8 + 8))
    let received = try #require(try ReceivedMessage.all(in: message.bytes[...]).first)
    #expect(received.sequence == 5)
    #expect(received.reply.type == 16)
    let attributes = try received.reply.attributes(after: 4)
    #expect(attributes.text(1) == "lo")
    #expect(attributes.integer(2) == UInt32(7))
    let inner = try #require(try attributes.nested(3))
    #expect(inner[1].map(Array.init) == [0, 80])
    #expect(inner[2].map(Array.init) == [9])
    #expect(attributes[4] == nil)
  }

  @Test(arguments: [[UInt8]](arrayLiteral: [3, 0, 1, 0], [0, 0, 1, 0], [9, 0, 1, 0, 1, 2, 3, 4], [255, 255, 1, 0]))
  func anAttributeThatLeadsOutOfItsMessageIsRefused(bytes: [UInt8]) {
    #expect(throws: SystemError.self) { try NetlinkAttributes(bytes[...]) }
  }

  @Test func aMessageThatLeadsOutOfItsDatagramIsRefused() {
    var bytes = NetlinkMessage(type: 1).bytes
    bytes[0] = 17
    #expect(throws: SystemError.self) { try ReceivedMessage.all(in: bytes[...]) }
    bytes[0] = 15
    #expect(throws: SystemError.self) { try ReceivedMessage.all(in: bytes[...]) }
    #expect((try? ReceivedMessage.all(in: [1, 2, 3]))?.isEmpty == true)
  }

  @Test func theKernelIsAsked() throws {
    var socket = try NetlinkSocket(.route)
    let loopback = try #require(try socket.link(named: "lo"))
    #expect(loopback.index == 1)
    #expect(try socket.link(named: "tote-none") == nil)
    #expect(try socket.link(index: 1)?.name == "lo")
    #expect(try socket.links().contains { $0.name == "lo" })
  }

  @Test func theKernelsReasonIsTold() throws {
    var socket = try NetlinkSocket(.route)
    let error = #expect(throws: SystemError.self) { try socket.perform([.deleteLink("tote-none")]) }
    #expect(error?.call == "delete link")
    #expect(error?.object?.hasPrefix("'tote-none'") == true)
    #expect(error?.errno == Errno(rawValue: 19))
  }
}
