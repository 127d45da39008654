import Foundation

/// A JSON value of the command line's output, for tests that look at a few names of it.
public enum JSONValue: Sendable, Hashable, Decodable {
    case null
    case truth(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .truth(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Parses one document.
    public init(parsing text: some StringProtocol) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    /// One document a line, as `--format ndjson` prints.
    public static func rows(_ text: String) throws -> [JSONValue] {
        try text.split(separator: "\n").map { try JSONValue(parsing: $0) }
    }

    public subscript(name: String) -> JSONValue? {
        if case .object(let fields) = self { fields[name] } else { nil }
    }

    public var string: String? {
        if case .text(let value) = self { value } else { nil }
    }

    public var double: Double? {
        if case .number(let value) = self { value } else { nil }
    }

    public var int: Int? { double.flatMap { Int(exactly: $0) } }

    public var elements: [JSONValue] {
        if case .list(let values) = self { values } else { [] }
    }

    /// Every object in the document, however deep.
    public var objects: [JSONValue] {
        switch self {
        case .null, .truth, .number, .text: []
        case .list(let values): values.flatMap(\.objects)
        case .object(let fields): [self] + fields.values.flatMap(\.objects)
        }
    }
}
