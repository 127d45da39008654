/// Builds a message into one array. Start line first, then headers, then `finish`, which writes
/// Content-Length and the body.
struct MessageWriter: Sendable {
    private(set) var bytes: [UInt8]

    /// Of a message: the largest block that malloc(3) keeps at hand for each thread is 1,032 bytes,
    /// and an array's head takes 32 of them.
    static let typicalCapacity = 992

    init(capacity: Int = typicalCapacity) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    mutating func append(_ literal: StaticString) { bytes.append(literal) }
    mutating func append(_ text: Bytes) { bytes.append(contentsOf: text) }
    mutating func append(_ text: [UInt8]) { bytes.append(contentsOf: text) }
    mutating func append(_ number: some BinaryInteger & UnsignedInteger) {
        bytes.append(decimal: UInt64(number))
    }
    mutating func append(byte: UInt8) { bytes.append(byte) }

    mutating func endLine() {
        bytes.append(13)
        bytes.append(10)
    }

    /// `Name: `, for a value that the caller appends and ends with `endLine()`.
    mutating func startHeader(_ id: HeaderID) {
        precondition(id != .other, "write an unknown header with its name")
        bytes.append(id.name)
        bytes.append(": ")
    }

    mutating func header(_ id: HeaderID, _ value: Bytes) {
        startHeader(id)
        bytes.append(contentsOf: value)
        endLine()
    }

    mutating func header(_ id: HeaderID, _ value: [UInt8]) {
        header(id, value[...])
    }

    mutating func header(_ id: HeaderID, _ value: StaticString) {
        startHeader(id)
        bytes.append(value)
        endLine()
    }

    mutating func header(_ id: HeaderID, number: UInt32) {
        startHeader(id)
        bytes.append(decimal: UInt64(number))
        endLine()
    }

    mutating func header(named name: Bytes, _ value: Bytes) {
        bytes.append(contentsOf: name)
        bytes.append(": ")
        bytes.append(contentsOf: value)
        endLine()
    }

    /// All header fields but those of `ids`, byte for byte, folds included, in their order.
    mutating func copyHeaders(of message: SIPMessage, except ids: HeaderSet) {
        for field in message.index.fields where !ids.contains(field.id) {
            copy(field, of: message.index)
        }
    }

    /// The header fields of `ids`, byte for byte, in their order.
    mutating func copyHeaders(of message: SIPMessage, only ids: HeaderSet) {
        copyHeaders(of: message.index, only: ids)
    }

    mutating func copyHeaders(of index: HeaderIndex, only ids: HeaderSet) {
        for field in index.fields where ids.contains(field.id) {
            copy(field, of: index)
        }
    }

    private mutating func copy(_ field: HeaderField, of index: HeaderIndex) {
        header(named: index.bytes[field.name], index.bytes[field.value])
    }

    /// `Reason: Q.850;cause=34;text="..."` (RFC 3326). `text` must need no escapes.
    mutating func reason(q850 cause: UInt16, text: StaticString) {
        startHeader(.reason)
        append("Q.850;cause=")
        append(cause)
        append(";text=\"")
        append(text)
        append("\"")
        endLine()
    }

    /// `SIP;cause=487;text="..."` (RFC 3326). `text` must need no escapes.
    mutating func reason(sip cause: UInt16, text: StaticString) {
        startHeader(.reason)
        append("SIP;cause=")
        append(cause)
        append(";text=\"")
        append(text)
        append("\"")
        endLine()
    }

    /// A quoted string with `"` and `\` escaped and controls left out, so that no text from outside
    /// can end the header.
    mutating func append(quoted text: Bytes) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text where byte >= 32 && byte != 127 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(UInt8(ascii: "\\"))
            }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// The finished message. Content-Type is written when there is a body.
    consuming func finish(body: Bytes = [], contentType: Bytes? = nil) -> [UInt8] {
        if !body.isEmpty, let contentType { header(.contentType, contentType) }
        startHeader(.contentLength)
        bytes.append(decimal: UInt64(body.count))
        bytes.append("\r\n\r\n")
        bytes.append(contentsOf: body)
        return bytes
    }
}

extension MessageWriter {
    /// `"Display" <uri>;tag=...`: a From, To or Contact value. The display name is quoted anew.
    static func nameAddress(display: Bytes? = nil, uri: Bytes, tag: Bytes? = nil) -> [UInt8] {
        var writer = MessageWriter(capacity: uri.count + (display?.count ?? 0) + 48)
        if let display, !display.isEmpty {
            writer.append(quoted: display)
            writer.append(" ")
        }
        writer.append("<")
        writer.append(uri)
        writer.append(">")
        if let tag {
            writer.append(";tag=")
            writer.append(tag)
        }
        return writer.bytes
    }
}
