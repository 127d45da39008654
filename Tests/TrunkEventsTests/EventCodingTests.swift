import Testing

@testable import TrunkEvents

private let call = CallID(rawValue: 0x0123_4567_89AB_CDEF)
private let trunk = TrunkName("alpha-1")!

private func decode(_ bytes: [UInt8], as kind: FactKind, version: UInt8 = 1) throws -> Event {
    try Event(kind: kind.rawValue, version: version, payload: bytes.span.bytes)
}

private func encode(_ event: Event) -> [UInt8] {
    var bytes: [UInt8] = []
    event.encode(into: &bytes)
    return bytes
}

@Suite struct EventCodingTests {
    @Test func everyKindIsCovered() {
        #expect(Set(oneOfEach.map(\.kind)) == Set(FactKind.allCases))
    }

    @Test(arguments: oneOfEach)
    func roundTrips(event: Event) throws {
        var bytes: [UInt8] = [0xAA]
        event.encode(into: &bytes)
        #expect(bytes.first == 0xAA)
        let payload = Array(bytes.dropFirst())
        #expect(try decode(payload, as: event.kind, version: event.version) == event)
    }

    @Test(arguments: oneOfEach)
    func everyTruncationIsNamed(event: Event) {
        var bytes: [UInt8] = []
        event.encode(into: &bytes)
        for length in 0..<bytes.count {
            #expect(throws: FactDecodingError.self) {
                try decode(Array(bytes[..<length]), as: event.kind, version: event.version)
            }
        }
        #expect(throws: FactDecodingError.trailingBytes(offset: bytes.count)) {
            try decode(bytes + [0], as: event.kind, version: event.version)
        }
    }

    @Test func layoutIsLittleEndianWithoutPadding() {
        let fact = ChannelReleased(call: call, trunk: trunk, attempt: .first, inUse: 0x0102)
        var bytes: [UInt8] = []
        Event.channelReleased(fact).encode(into: &bytes)
        let expected: [UInt8] =
            [0xEF, 0xCD, 0xAB, 0x89, 0x67, 0x45, 0x23, 0x01, 7]
            + Array("alpha-1".utf8) + [1, 0, 0x02, 0x01, 0, 0]
        #expect(bytes == expected)
    }

    /// What version 1 wrote is the beginning of what version 2 writes.
    @Test func olderVersionsStayReadable() throws {
        let modified = CallModified(call: call, initiator: .called, code: .code(200), sequence: 4)
        let targetsAndResponse = 12
        #expect(
            try decode(
                Array(encode(.callModified(modified)).dropLast(targetsAndResponse)),
                as: .callModified) == .callModified(modified))
        let started = AgentStarted(node: ShortName("pbx1")!, version: "1.0")
        let machineBoot = 4
        #expect(
            try decode(
                Array(encode(.agentStarted(started)).dropLast(machineBoot)), as: .agentStarted)
                == .agentStarted(started))
        let configured = TrunkConfigured(
            trunk: trunk, carrier: CarrierName(trunk.name), channels: 50,
            authentication: .registration, isProbed: true)
        let noWindows = 2
        #expect(
            try decode(
                Array(encode(.trunkConfigured(configured)).dropLast(noWindows)),
                as: .trunkConfigured) == .trunkConfigured(configured))
        let noDirection = 1
        for event in [
            Event.trunkNearCap(TrunkNearCap(trunk: trunk, inUse: 4, cap: 5)),
            .trunkBelowCap(TrunkBelowCap(trunk: trunk, inUse: 3, cap: 5)),
        ] {
            let first = Array(encode(event).dropLast(noDirection))
            #expect(try decode(first, as: event.kind) == event)
        }
    }

    @Test func unknownKindAndVersionAreNamed() {
        #expect(throws: FactDecodingError.unknownKind(9999)) {
            try Event(kind: 9999, version: 1, payload: [UInt8]().span.bytes)
        }
        #expect(throws: FactDecodingError.unknownVersion(kind: .heartbeat, version: 7)) {
            try decode([0, 0, 0, 0], as: .heartbeat, version: 7)
        }
    }

    @Test func randomBytesNeverTrap() {
        let seed = UInt64.random(in: .min ... .max)
        var state = seed
        var decoded = 0
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let sample = oneOfEach[Int(state >> 33) % oneOfEach.count]
            let length = Int(state >> 20) & 0x3F
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: state >> UInt64($0 & 31)) }
            let event = try? decode(bytes, as: sample.kind, version: sample.version)
            if event != nil { decoded += 1 }
        }
        #expect(decoded < 20_000, "seed \(seed)")
    }
}
