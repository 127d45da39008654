/// The methods this element knows by name (RFC 3261, 3262, 3311, 6086, 3515, 6665, 3428, 3903).
enum Method: UInt8, CaseIterable, Sendable {
    case invite, ack, bye, cancel, options, register
    case prack, update, info, refer, notify, subscribe, message, publish
    /// A method of another name; the message keeps the name's bytes.
    case other

    /// The name as it is written in a start line; empty for `other`.
    var name: StaticString {
        switch self {
        case .invite: "INVITE"
        case .ack: "ACK"
        case .bye: "BYE"
        case .cancel: "CANCEL"
        case .options: "OPTIONS"
        case .register: "REGISTER"
        case .prack: "PRACK"
        case .update: "UPDATE"
        case .info: "INFO"
        case .refer: "REFER"
        case .notify: "NOTIFY"
        case .subscribe: "SUBSCRIBE"
        case .message: "MESSAGE"
        case .publish: "PUBLISH"
        case .other: ""
        }
    }

    /// Method names are case-sensitive (RFC 3261 section 7.1).
    init(_ text: Bytes) {
        self.init(text.span, 0, text.count)
    }

    init(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) {
        guard lower < upper else {
            self = .other
            return
        }
        let candidates: (Method, Method) =
            switch text[lower] {
            case UInt8(ascii: "I"): (.invite, .info)
            case UInt8(ascii: "A"): (.ack, .other)
            case UInt8(ascii: "B"): (.bye, .other)
            case UInt8(ascii: "C"): (.cancel, .other)
            case UInt8(ascii: "O"): (.options, .other)
            case UInt8(ascii: "R"): (.register, .refer)
            case UInt8(ascii: "P"): (.prack, .publish)
            case UInt8(ascii: "U"): (.update, .other)
            case UInt8(ascii: "N"): (.notify, .other)
            case UInt8(ascii: "S"): (.subscribe, .other)
            case UInt8(ascii: "M"): (.message, .other)
            default: (.other, .other)
            }
        if text.equals(lower, upper, candidates.0.name) {
            self = candidates.0
        } else if text.equals(lower, upper, candidates.1.name) {
            self = candidates.1
        } else {
            self = .other
        }
    }
}

extension Span where Element == UInt8 {
    /// Equality byte for byte.
    func equals(_ lower: Int, _ upper: Int, _ literal: StaticString) -> Bool {
        guard upper - lower == literal.utf8CodeUnitCount else { return false }
        // A literal's bytes live as long as the program; the index stays below its count.
        let text = unsafe literal.utf8Start
        for offset in 0..<(upper - lower) where unsafe text[offset] != self[lower + offset] {
            return false
        }
        return true
    }
}
