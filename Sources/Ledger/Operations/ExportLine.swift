/// One line of an export: a JSON object (RFC 8259) of texts and whole numbers. Values of other
/// kinds, and texts with escapes, are passed over: none of ours has one.
struct ExportLine {
    /// What is wrong with a line.
    struct Fault: Error, Hashable {
        let text: String
    }

    private var members: [String: ArraySlice<UInt8>] = [:]
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) throws(Fault) {
        rest = bytes[...]
        try take("{")
        repeat {
            guard let name = try value() else { throw Fault(text: "a name is no text") }
            try take(":")
            if let value = try value() {
                members[String(decoding: name, as: UTF8.self)] = value
            }
        } while try takeComma()
        skipBlanks()
        guard rest.isEmpty else { throw Fault(text: "there is more behind the object") }
    }

    func has(_ name: String) -> Bool { members[name] != nil }

    func number<Number: FixedWidthInteger>(_ name: String) throws(Fault) -> Number {
        guard let digits = members[name] else { throw Fault(text: "\"\(name)\" is missing") }
        guard let number = Number(String(decoding: digits, as: UTF8.self)) else {
            throw Fault(text: "\"\(name)\" is no number, or too large")
        }
        return number
    }

    func text(_ name: String) throws(Fault) -> String {
        guard let text = members[name] else { throw Fault(text: "\"\(name)\" is missing") }
        return String(decoding: text, as: UTF8.self)
    }

    func base64(_ name: String) throws(Fault) -> [UInt8] {
        guard let text = members[name] else { throw Fault(text: "\"\(name)\" is missing") }
        guard let bytes = Base64.decode(text) else {
            throw Fault(text: "\"\(name)\" is not in base64")
        }
        return bytes
    }

    /// A text without its quotes, or a number's digits; `nil` for what was passed over.
    private mutating func value() throws(Fault) -> ArraySlice<UInt8>? {
        skipBlanks()
        switch rest.first {
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try skipNested()
            return nil
        default:
            let token = rest.prefix { $0 >= 0x2B && $0 <= 0x7A && $0 != UInt8(ascii: ",") }
            guard !token.isEmpty else { throw Fault(text: "it is no object of JSON") }
            rest = rest.dropFirst(token.count)
            let isNumber = token.allSatisfy { $0 == UInt8(ascii: "-") || (0x30...0x39) ~= $0 }
            return isNumber ? token : nil
        }
    }

    /// `nil` when there are escapes in it.
    private mutating func string() throws(Fault) -> ArraySlice<UInt8>? {
        let start = rest.startIndex + 1
        var end = start
        var isPlain = true
        while end < rest.endIndex, rest[end] != UInt8(ascii: "\"") {
            let isEscape = rest[end] == UInt8(ascii: "\\")
            if isEscape { isPlain = false }
            end += isEscape ? 2 : 1
        }
        guard end < rest.endIndex else { throw Fault(text: "a text does not end") }
        defer { rest = rest[(end + 1)...] }
        return isPlain ? rest[start..<end] : nil
    }

    private mutating func skipNested() throws(Fault) {
        var depth = 0
        repeat {
            switch rest.first {
            case nil: throw Fault(text: "it is cut short")
            case UInt8(ascii: "\""):
                _ = try string()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            rest = rest.dropFirst()
        } while depth > 0
    }

    private mutating func take(_ character: Unicode.Scalar) throws(Fault) {
        skipBlanks()
        guard rest.first == UInt8(ascii: character) else {
            throw Fault(text: "'\(character)' is missing: it is no object of JSON")
        }
        rest = rest.dropFirst()
    }

    /// False at the object's end.
    private mutating func takeComma() throws(Fault) -> Bool {
        skipBlanks()
        if rest.first == UInt8(ascii: ",") {
            rest = rest.dropFirst()
            return true
        }
        try take("}")
        return false
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    }
}
