public import TrunkEvents

/// A fact's own fields as programs see them, in the order of their encoding.
///
/// Instants are RFC 3339 in UTC, durations carry their unit in the name (`_ns`), SIP messages are
/// texts, digests are hexadecimal.
public struct FactFields: FactVisitor {
    public private(set) var members: [(name: String, value: FieldValue)] = []

    public init(_ event: Event) {
        event.visit(&self)
    }

    public mutating func field<Value: FactField>(_ name: StaticString, _ value: Value) {
        let text = name.description
        // By its type: what is absent is an absent anything.
        if Value.self == Nanoseconds.self || Value.self == Nanoseconds?.self {
            members.append((text + "_ns", value.shown))
        } else if let instant = value as? WallInstant {
            members.append((text, .text(instant.exactUTCText)))
        } else if let octets = value as? Octets, text.hasSuffix("sha256") {
            members.append((text, .text(Self.hexadecimal(octets.bytes))))
        } else {
            members.append((text, value.shown))
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension JSONWriter {
    public mutating func field(_ value: FieldValue) {
        switch value {
        case .none: null()
        case .truth(let value): truth(value)
        case .integer(let value): integer(value)
        case .unsigned(let value): integer(value)
        case .text(let text): string(text)
        case .list(let values):
            beginArray()
            for value in values { field(value) }
            endArray()
        }
    }
}

extension FieldValue {
    /// One line for people: nothing where there is nothing, of a SIP message its first line.
    public var line: String {
        switch self {
        case .none: ""
        case .truth(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .text(let text): String(text.prefix { !$0.isNewline })
        case .list(let values): values.map(\.line).joined(separator: "|")
        }
    }
}
