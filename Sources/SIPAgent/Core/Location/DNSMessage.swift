import TrunkEvents

extension DNSReply {
    /// Reads a whole DNS message (RFC 1035 section 4) as the answer to a question for NAPTR or SRV
    /// records. Its header was checked by whoever asked.
    public init(message: [UInt8], to question: DNSQuestion) {
        var reader = DNSMessageReader(message)
        self = reader.reply(to: question) ?? .failed
    }
}

/// Walks through a DNS message. Whatever it holds, each step is checked: it comes from a stranger.
private struct DNSMessageReader {
    private let bytes: [UInt8]
    private var offset = 0

    private static let nameBytesMax = 255
    /// RFC 1035 section 3.2.2, RFC 2782, RFC 3403.
    private enum RecordType {
        static let soa: UInt16 = 6
        static let srv: UInt16 = 33
        static let naptr: UInt16 = 35
    }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// `nil` for a message that cannot be read.
    mutating func reply(to question: DNSQuestion) -> DNSReply? {
        offset = 4
        guard let questions = integer16(), let answers = integer16(), let authorities = integer16(),
            integer16() != nil
        else { return nil }
        for _ in 0..<questions { guard name() != nil, skip(4) else { return nil } }
        var lifetime: UInt32?
        var naptr: [NAPTRRecord] = []
        var srv: [SRVRecord] = []
        for _ in 0..<answers {
            guard let record = record() else { return nil }
            switch (question, record.type) {
            case (.srv, RecordType.srv):
                guard srv.count < DNSAnswer.recordsMax else { break }
                guard let found = self.srv() else { return nil }
                srv.append(found)
            case (.naptr, RecordType.naptr):
                guard naptr.count < DNSAnswer.recordsMax else { break }
                guard let found = self.naptr() else { return nil }
                naptr.append(found)
            default: break
            }
            // A CNAME on the way ages as well.
            lifetime = min(lifetime ?? record.lifetime, record.lifetime)
            offset = record.end
        }
        let span = Nanoseconds.seconds(Int64(lifetime ?? 0))
        if !srv.isEmpty { return .answered(.srv(srv), lifetime: span) }
        if !naptr.isEmpty { return .answered(.naptr(naptr), lifetime: span) }
        return .answered(.nothing, lifetime: absence(authorities))
    }

    /// RFC 2308 section 5: how long it may be believed that there is nothing.
    private mutating func absence(_ authorities: UInt16) -> Nanoseconds {
        for _ in 0..<authorities {
            guard let record = record() else { break }
            defer { offset = record.end }
            guard record.type == RecordType.soa, record.end - record.start > 20 else { continue }
            offset = record.end - 4
            guard let minimum = integer32() else { break }
            return .seconds(Int64(min(minimum, record.lifetime)))
        }
        return .seconds(60)
    }

    private mutating func srv() -> SRVRecord? {
        guard let priority = integer16(), let weight = integer16(), let port = integer16(),
            let target = name()
        else { return nil }
        return SRVRecord(priority: priority, weight: weight, port: port, target: target)
    }

    private mutating func naptr() -> NAPTRRecord? {
        guard let order = integer16(), let preference = integer16(), let flags = text(),
            let service = text(), text() != nil, let replacement = name()
        else { return nil }
        return NAPTRRecord(
            order: order, preference: preference, flags: flags, service: service,
            replacement: replacement)
    }

    // MARK: Parts

    private struct Record {
        var type: UInt16
        var lifetime: UInt32
        var start: Int
        var end: Int
    }

    /// Up to the record's data.
    private mutating func record() -> Record? {
        guard name() != nil, let type = integer16(), skip(2), let lifetime = integer32(),
            let length = integer16(), offset + Int(length) <= bytes.count
        else { return nil }
        // RFC 2181 section 8: a set top bit means 0.
        return Record(
            type: type, lifetime: lifetime > UInt32(Int32.max) ? 0 : lifetime, start: offset,
            end: offset + Int(length))
    }

    /// In lower case, its labels joined by dots; the root is empty. A pointer leads back only, so
    /// that no message keeps us for ever.
    private mutating func name() -> Octets? {
        var name: [UInt8] = []
        var next = offset
        var limit = bytes.count
        var end: Int?
        while next < limit {
            let length = Int(bytes[next])
            switch length {
            case 0:
                offset = end ?? next + 1
                return Octets(name)
            case 1...63:
                guard next + length < bytes.count, name.count + length < Self.nameBytesMax else {
                    return nil
                }
                if !name.isEmpty { name.append(UInt8(ascii: ".")) }
                name += bytes[(next + 1)...(next + length)].map(lowercased)
                next += length + 1
            case 0xC0...0xFF:
                guard next + 1 < bytes.count else { return nil }
                end = end ?? next + 2
                limit = next
                next = (length & 0x3F) << 8 | Int(bytes[next + 1])
            default: return nil
            }
        }
        return nil
    }

    /// A character string.
    private mutating func text() -> Octets? {
        guard offset < bytes.count else { return nil }
        let end = offset + 1 + Int(bytes[offset])
        guard end <= bytes.count else { return nil }
        defer { offset = end }
        return Octets(Array(bytes[(offset + 1)..<end]))
    }

    private mutating func integer16() -> UInt16? {
        guard offset + 2 <= bytes.count else { return nil }
        defer { offset += 2 }
        return UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
    }

    private mutating func integer32() -> UInt32? {
        guard let high = integer16(), let low = integer16() else { return nil }
        return UInt32(high) << 16 | UInt32(low)
    }

    private mutating func skip(_ count: Int) -> Bool {
        offset += count
        return offset <= bytes.count
    }
}
