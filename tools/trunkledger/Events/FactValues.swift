import Projections
import TrunkEvents

/// A fact's own fields as `events` prints them.
struct FactValues {
    let members: [(name: String, value: OutputValue)]

    init(_ event: Event) {
        members = FactFields(event).members.map { ($0.name, OutputValue($0.value)) }
    }

    subscript(name: String) -> OutputValue? {
        members.first { $0.name == name }?.value
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
