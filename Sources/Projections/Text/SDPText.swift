import TrunkEvents

/// The codec that an answer chose (RFC 8866 section 5.14, RFC 3264 section 6.1).
enum SDPText {
    /// The encoding name of the first audio format; empty where there is no audio.
    static func firstCodec(ofBodyIn message: RawSpan) -> Octets {
        var next = SIPText.body(of: message).lowerBound
        while next < message.byteCount {
            let media = message.line(from: next)
            next = media.next
            guard message.starts(media.text, with: "m=audio ") else { continue }
            guard let format = word(3, of: media.text, in: message) else { return .empty }
            return name(of: format, from: next, in: message)
        }
        return .empty
    }

    /// As the media description's `a=rtpmap` says, or RFC 3551, or else the number itself.
    private static func name(
        of format: Range<Int>, from start: Int, in message: RawSpan
    ) -> Octets {
        var next = start
        while next < message.byteCount {
            let line = message.line(from: next)
            next = line.next
            if message.starts(line.text, with: "m=") { break }
            guard message.starts(line.text, with: "a=rtpmap:") else { continue }
            let value = line.text.dropFirst(9)
            let end = value.lowerBound + format.count
            guard end < value.upperBound, message.byte(at: end) == 0x20,
                message.equals(value.prefix(format.count), format)
            else { continue }
            let named = (end + 1)..<value.upperBound
            let stop = named.first { [0x20, 0x2F].contains(message.byte(at: $0)) }
            return message.octets(named.lowerBound..<(stop ?? named.upperBound))
        }
        let known = staticNames.first { message.equals(format, $0.format) }
        return known?.name ?? message.octets(format)
    }

    /// The word of that number, counted from 0, of those that spaces part.
    private static func word(
        _ number: Int, of line: Range<Int>, in message: RawSpan
    ) -> Range<Int>? {
        var rest = line
        var count = 0
        while let first = rest.first(where: { message.byte(at: $0) != 0x20 }) {
            let end = message.firstIndex(of: " ", in: first..<line.upperBound) ?? line.upperBound
            if count == number { return first..<end }
            count += 1
            rest = end..<line.upperBound
        }
        return nil
    }

    /// RFC 3551 section 6: payload types that need no rtpmap.
    private static let staticNames: [(format: StaticString, name: Octets)] = [
        ("0", "PCMU"), ("3", "GSM"), ("4", "G723"), ("8", "PCMA"), ("9", "G722"),
        ("15", "G728"), ("18", "G729"),
    ]
}
