import Ledger
import TrunkEvents

/// Rows are the bulk of what is saved: numbers take as few bytes as they need, and instants and
/// positions are told by what they lie behind the seizure.
extension CDRRow: StateCodable {
    /// What a row has, a bit each.
    private struct Marks: OptionSet {
        let rawValue: UInt8
        static let node = Marks(rawValue: 1)
        static let carrier = Marks(rawValue: 2)
        static let remote = Marks(rawValue: 4)
        static let rang = Marks(rawValue: 8)
        static let answered = Marks(rawValue: 16)
        static let answeredAfterCancel = Marks(rawValue: 32)
        static let continued = Marks(rawValue: 64)
        static let all = Marks(rawValue: 127)
    }

    private var marks: Marks {
        var marks: Marks = []
        if node != nil { marks.insert(.node) }
        if carrier != nil { marks.insert(.carrier) }
        if remote != nil { marks.insert(.remote) }
        if rangAt != nil { marks.insert(.rang) }
        if answeredAt != nil { marks.insert(.answered) }
        if answeredAfterCancel { marks.insert(.answeredAfterCancel) }
        if isContinued { marks.insert(.continued) }
        return marks
    }

    /// More than a row takes besides its texts.
    private static let byteCountMax = 384

    public func encode(into encoder: inout StateEncoder) {
        encode(into: &encoder, textBytesMax: texts.bytes.count) {
            $0.store(texts.bytes.span.bytes)
        }
    }

    /// With the texts that `storeTexts` stores, in their order, in place of its own.
    func encode(
        into encoder: inout StateEncoder, textBytesMax: Int,
        _ storeTexts: (inout RoomWriter) -> Void
    ) {
        encoder.append(atMost: Self.byteCountMax + textBytesMax) { room in
            room.store(marks.rawValue)
            storeIdentity(in: &room)
            storeOutcome(in: &room)
            storeTimes(in: &room)
            storeTexts(&room)
        }
    }

    private func storeIdentity(in room: inout RoomWriter) {
        room.store(number: seizedPosition.rawValue)
        room.store(number: seizedPosition.rawValue &- firstPosition.rawValue)
        room.store(number: lastPosition.rawValue &- seizedPosition.rawValue)
        room.store(call.rawValue)
        room.store(number: UInt64(attempt.rawValue))
        room.store(number: UInt64(revision))
        room.store(trunk.name)
        if let node { room.store(node) }
        if let carrier { room.store(carrier.name) }
        if let remote {
            room.store(remote.transport.rawValue)
            room.store(number: remote.address.high)
            room.store(number: remote.address.low)
            room.store(remote.port)
        }
    }

    private func storeOutcome(in room: inout RoomWriter) {
        room.store(direction.rawValue)
        room.store(disposition.rawValue)
        room.store(endedBy.rawValue)
        room.store(endSource.rawValue)
        // No code and no cause is 0.
        room.store(number: UInt64(code?.rawValue ?? 0))
        room.store(number: UInt64(q850?.rawValue ?? 0))
        room.store(number: UInt64(inUseAtSeizure))
        room.store(number: UInt64(capAtSeizure))
    }

    private func storeTimes(in room: inout RoomWriter) {
        room.store(seizedAt.nanoseconds)
        if let rangAt { room.store(difference: rangAt.nanoseconds &- seizedAt.nanoseconds) }
        if let answeredAt { room.store(difference: answeredAt.nanoseconds &- seizedAt.nanoseconds) }
        room.store(difference: endedAt.nanoseconds &- seizedAt.nanoseconds)
        room.store(difference: releasedAt.nanoseconds &- endedAt.nanoseconds)
        room.store(difference: setupMilliseconds)
        room.store(difference: talkMilliseconds)
        room.store(difference: holdMilliseconds)
        room.store(difference: endUncertaintyMilliseconds)
    }

    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        let start = decoder.offset
        let marks = Marks(rawValue: try decoder.integer())
        guard Marks.all.isSuperset(of: marks) else { throw .invalidValue(offset: start) }
        let seized: UInt64 = try decoder.number()
        seizedPosition = Position(rawValue: seized)
        firstPosition = Position(rawValue: seized &- (try decoder.number()))
        lastPosition = Position(rawValue: seized &+ (try decoder.number()))
        call = try decoder.read()
        attempt = AttemptNumber(rawValue: try decoder.number())
        revision = try decoder.number()
        trunk = try decoder.read()
        node = marks.contains(.node) ? try ShortName(from: &decoder) : nil
        carrier = marks.contains(.carrier) ? try CarrierName(from: &decoder) : nil
        remote = marks.contains(.remote) ? try decoder.endpoint() : nil
        direction = try decoder.read()
        disposition = try decoder.read()
        endedBy = try decoder.read()
        endSource = try decoder.read()
        code = try decoder.choice { StatusCode(rawValue: $0) }
        q850 = try decoder.choice { Q850Cause(rawValue: $0) }
        inUseAtSeizure = try decoder.number()
        capAtSeizure = try decoder.number()
        seizedAt = try decoder.read()
        rangAt = marks.contains(.rang) ? try decoder.instant(since: seizedAt) : nil
        answeredAt = marks.contains(.answered) ? try decoder.instant(since: seizedAt) : nil
        endedAt = try decoder.instant(since: seizedAt)
        releasedAt = try decoder.instant(since: endedAt)
        setupMilliseconds = try decoder.difference()
        talkMilliseconds = try decoder.difference()
        holdMilliseconds = try decoder.difference()
        endUncertaintyMilliseconds = try decoder.difference()
        answeredAfterCancel = marks.contains(.answeredAfterCancel)
        isContinued = marks.contains(.continued)
        texts = try decoder.read()
    }
}

extension StateDecoder {
    fileprivate mutating func instant(
        since earlier: WallInstant
    ) throws(StateDecodingError) -> WallInstant {
        WallInstant(nanoseconds: earlier.nanoseconds &+ (try difference()))
    }

    /// A value by its number, `nil` by 0.
    fileprivate mutating func choice<Number: FixedWidthInteger, Value>(
        _ make: (Number) -> Value?
    ) throws(StateDecodingError) -> Value? {
        let start = offset
        let number: Number = try number()
        if number == 0 { return nil }
        guard let value = make(number) else { throw .invalidValue(offset: start) }
        return value
    }

    fileprivate mutating func endpoint() throws(StateDecodingError) -> Endpoint {
        let start = offset
        guard let transport = TransportProtocol(rawValue: try integer()) else {
            throw .invalidValue(offset: start)
        }
        let address = IPAddress(high: try number(), low: try number())
        return Endpoint(transport: transport, address: address, port: try integer())
    }
}
