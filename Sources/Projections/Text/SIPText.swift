import TrunkEvents

/// The little that a fold reads from a logged message. The messages were parsed and accepted
/// before they were logged; what cannot be found here stays empty.
enum SIPText {
    /// The tag parameter of the first header of that name (RFC 3261 section 19.3).
    ///
    /// `name` and `short` are in lower case.
    static func tag(ofHeader name: String, short: String, in message: Octets) -> Octets {
        for line in head(of: message.bytes) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let field = lowercased(trimmed(line[..<colon]))
            guard field.elementsEqual(name.utf8) || field.elementsEqual(short.utf8) else {
                continue
            }
            return parameter("tag", of: line[line.index(after: colon)...])
        }
        return .empty
    }

    /// What follows the empty line (RFC 3261 section 7).
    static func body(of message: Octets) -> ArraySlice<UInt8> {
        let bytes = message.bytes
        guard bytes.count >= 4 else { return [] }
        for index in 0...(bytes.count - 4) where bytes[index] == 13 {
            if bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 {
                return bytes[(index + 4)...]
            }
        }
        return []
    }

    static func lines(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        text.split(separator: 10, omittingEmptySubsequences: false).map { line in
            line.last == 13 ? line.dropLast() : line
        }
    }

    private static func head(of bytes: [UInt8]) -> ArraySlice<ArraySlice<UInt8>> {
        lines(bytes[...]).prefix { !$0.isEmpty }.dropFirst()
    }

    /// A parameter after the `>` of a name-addr, or after the first `;` of an addr-spec, outside
    /// quotes (RFC 3261 section 20).
    private static func parameter(_ name: String, of value: ArraySlice<UInt8>) -> Octets {
        var rest = unquoted(value)
        if let close = rest.lastIndex(of: UInt8(ascii: ">")) {
            rest = rest[rest.index(after: close)...]
        }
        for part in rest.split(separator: UInt8(ascii: ";")).map(trimmed) {
            let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard pair.count == 2, lowercased(trimmed(pair[0])).elementsEqual(name.utf8) else {
                continue
            }
            return Octets(Array(trimmed(pair[1])))
        }
        return .empty
    }

    /// The value after a quoted display name, whose characters may be anything.
    private static func unquoted(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = trimmed(value)
        guard start.first == UInt8(ascii: "\"") else { return start }
        var index = start.startIndex + 1
        while index < start.endIndex, start[index] != UInt8(ascii: "\"") {
            index += start[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return start[min(index + 1, start.endIndex)...]
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let tail = text.drop(while: isSpace)
        guard let last = tail.lastIndex(where: { !isSpace($0) }) else { return [] }
        return tail[...last]
    }

    private static func lowercased(_ text: ArraySlice<UInt8>) -> [UInt8] {
        text.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    }
}
