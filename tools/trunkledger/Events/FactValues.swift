import Projections
import TrunkEvents

/// Collects a fact's own fields as JSON shows them.
///
/// Instants become RFC 3339 in UTC, durations carry their unit in the name (`_ns`), SIP messages
/// are texts, digests are hexadecimal.
struct FactValues: FactVisitor {
    private(set) var members: [(name: String, value: OutputValue)] = []

    init(_ event: Event) {
        event.visit(&self)
    }

    mutating func field(_ name: StaticString, _ value: some FactField) {
        let text = name.description
        if value is Nanoseconds? {
            members.append((text + "_ns", OutputValue(value.shown)))
        } else if let instant = value as? WallInstant {
            members.append((text, .exactInstant(instant)))
        } else if let octets = value as? Octets {
            members.append((text, Self.value(octets, named: text)))
        } else {
            members.append((text, OutputValue(value.shown)))
        }
    }

    subscript(name: String) -> OutputValue? {
        members.first { $0.name == name }?.value
    }

    private static func value(_ octets: Octets, named name: String) -> OutputValue {
        name.hasSuffix("sha256") ? .text(hexadecimal(octets.bytes)) : .text(octets.description)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

extension OutputValue {
    init(_ shown: FieldValue) {
        switch shown {
        case .none: self = .none
        case .truth(let value): self = .truth(value)
        case .integer(let value): self = .integer(value)
        case .unsigned(let value): self = .unsigned(value)
        case .text(let text): self = .text(text)
        case .list(let values): self = .list(values.map { OutputValue($0) })
        }
    }
}
