@testable import TrunkEvents

/// Facts as the log keeps them. Two bytes of kind and one of version stand before the payload.
enum EventProperties {
    static func check(_ input: [UInt8]) throws(BrokenProperty) {
        guard input.count >= 3 else { return }
        let kind = UInt16(input[0]) | UInt16(input[1]) << 8
        let payload = Array(input[3...])
        let event = decoded(kind, input[2], payload)
        try checkView(kind, input[2], payload, event)
        guard let event else { return }
        let encoded = Self.encoded(event)
        if input[2] == event.version {
            try hold(encoded == payload, "a fact has one encoding")
        }
        guard let back = decoded(kind, event.version, encoded) else {
            throw BrokenProperty(description: "an encoded fact cannot be decoded")
        }
        try hold(back == event, "a fact is decoded as it was encoded")
        try hold(Self.encoded(back) == encoded, "a fact is encoded as before")
        var fields = ShownFields()
        event.visit(&fields)
        try hold(event.kind.rawValue == kind, "a fact is of its kind")
    }

    private static func decoded(_ kind: UInt16, _ version: UInt8, _ payload: [UInt8]) -> Event? {
        try? Event(kind: kind, version: version, payload: payload.span.bytes)
    }

    /// A view of a fact that carries a message reads what its whole decoding reads.
    private static func checkView(
        _ rawKind: UInt16, _ version: UInt8, _ payload: [UInt8], _ event: Event?
    ) throws(BrokenProperty) {
        guard let kind = FactKind(rawValue: rawKind) else { return }
        let seen = (try? message(kind, version, payload)) ?? nil
        let expected: Octets? =
            switch event {
            case .callStarted(let fact): fact.invite
            case .callAnswered(let fact): fact.response
            case .attemptSent(let fact): fact.fromTag
            case .attemptAnswered(let fact): fact.response
            default: nil
            }
        if let expected { try hold(seen == expected, "a view reads what the whole fact holds") }
    }

    private static func message(
        _ kind: FactKind, _ version: UInt8, _ payload: [UInt8]
    ) throws(FactDecodingError) -> Octets? {
        let fact = FactView(kind: kind, version: version, payload: payload.span.bytes)
        switch kind {
        case .callStarted: return Octets(copying: try fact.callStarted().invite)
        case .callAnswered: return Octets(copying: try fact.callAnswered().response)
        case .attemptSent: return Octets(copying: try fact.attemptSent().fromTag)
        case .attemptAnswered: return Octets(copying: try fact.attemptAnswered().response)
        default: return nil
        }
    }

    private static func encoded(_ event: Event) -> [UInt8] {
        var bytes: [UInt8] = []
        event.encode(into: &bytes)
        return bytes
    }
}

/// Reads each field as people see it.
private struct ShownFields: FactVisitor {
    var values: [FieldValue] = []

    mutating func field(_ name: StaticString, _ value: some FactField) {
        values.append(value.shown)
    }
}
