import Projections
import TrunkEvents

/// A value as JSON and CSV print it.
enum OutputValue: Sendable {
    case none
    case truth(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case number(Double)
    case text(String)
    case instant(WallInstant)
    /// To the nanosecond, for raw facts.
    case exactInstant(WallInstant)
    case list([OutputValue])
    case record([(name: String, value: OutputValue)])

    init(_ text: (some CustomStringConvertible)?) {
        self = text.map { .text($0.description) } ?? .none
    }

    init(count: UInt32?) {
        self = count.map { .unsigned(UInt64($0)) } ?? .none
    }

    init(_ instant: WallInstant?) {
        self = instant.map { .instant($0) } ?? .none
    }

    func write(to json: inout JSONWriter) {
        switch self {
        case .none: json.null()
        case .truth(let value): json.truth(value)
        case .integer(let value): json.integer(value)
        case .unsigned(let value): json.integer(value)
        case .number(let value): json.number(value)
        case .text(let text): json.string(text)
        case .instant(let instant): json.string(instant.utcText)
        case .exactInstant(let instant): json.string(instant.exactUTCText)
        case .list(let values):
            json.beginArray()
            for value in values { value.write(to: &json) }
            json.endArray()
        case .record(let members):
            json.beginObject()
            for (name, value) in members {
                json.key(name)
                value.write(to: &json)
            }
            json.endObject()
        }
    }

    /// A CSV field: lists of plain values are joined by `|`, what is deeper is JSON.
    var csvText: String {
        switch self {
        case .none: ""
        case .truth(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .number(let value): String(value)
        case .text(let text): text
        case .instant(let instant): instant.utcText
        case .exactInstant(let instant): instant.exactUTCText
        case .list(let values) where !values.contains(where: \.isNested):
            values.map(\.csvText).joined(separator: "|")
        case .list, .record: jsonText
        }
    }

    var jsonText: String {
        var json = JSONWriter()
        write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private var isNested: Bool {
        switch self {
        case .list, .record: true
        case .none, .truth, .integer, .unsigned, .number, .text, .instant, .exactInstant: false
        }
    }
}
