import TrunkEvents

@testable import SIPAgent

/// Answers of a name server, which anyone on the way may have written. The first byte says which
/// kind of records was asked for.
enum DNSProperties {
    private static let nameBytesMax = 255

    static func check(_ input: [UInt8]) throws(BrokenProperty) {
        guard let kind = input.first else { return }
        let isService = kind & 1 == 0
        let reply = DNSReply(
            message: Array(input.dropFirst()),
            to: isService ? .srv("_sip._udp.a.example") : .naptr("a.example"))
        guard case .answered(let answer, let lifetime) = reply else { return }
        try hold(
            (Nanoseconds.zero...Nanoseconds.seconds(Int64(Int32.max))).contains(lifetime),
            "a lifetime is 31 bits of seconds")
        switch answer {
        case .srv(let records):
            try hold(isService, "SRV answers a question for SRV")
            try hold(records.count <= DNSAnswer.recordsMax, "records are read to their limit only")
            try checkNames(records.map(\.target))
        case .naptr(let records):
            try hold(!isService, "NAPTR answers a question for NAPTR")
            try hold(records.count <= DNSAnswer.recordsMax, "records are read to their limit only")
            try checkNames(records.map(\.replacement))
        case .addresses:
            throw BrokenProperty(description: "addresses are asked for elsewhere")
        case .nothing: break
        }
    }

    private static func checkNames(_ names: [Octets]) throws(BrokenProperty) {
        for name in names {
            try hold(name.bytes.count <= nameBytesMax, "a name has at most 255 bytes")
            try hold(
                !name.bytes.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) },
                "a name is in lower case")
        }
    }
}
