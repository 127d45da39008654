/// One JSON object of texts, whole numbers and nulls: what our own manifests hold.
struct FlatJSON {
    enum Value: Hashable {
        case string(String)
        case integer(Int64)
        case null

        var text: String? {
            if case .string(let text) = self { text } else { nil }
        }
        var integer: Int64? {
            if case .integer(let value) = self { value } else { nil }
        }
    }

    private(set) var members: [String: Value] = [:]
    private var rest: ArraySlice<UInt8>

    /// `nil` for anything but such an object, also for escapes other than `\"` and `\\`.
    init?(_ bytes: [UInt8]) {
        rest = bytes[...]
        guard take("{") else { return nil }
        if !take("}") {
            repeat {
                guard let name = string(), take(":"), let value = value() else { return nil }
                members[name] = value
            } while take(",")
            guard take("}") else { return nil }
        }
        skipBlanks()
        guard rest.isEmpty else { return nil }
    }

    private mutating func value() -> Value? {
        skipBlanks()
        if rest.starts(with: "null".utf8) {
            rest = rest.dropFirst(4)
            return .null
        }
        if rest.first == UInt8(ascii: "\"") { return string().map { .string($0) } }
        let digits = rest.prefix { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        return Int64(String(decoding: digits, as: UTF8.self)).map { .integer($0) }
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst(),
                    escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\")
                else { return nil }
                text.append(escaped)
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    }
}
