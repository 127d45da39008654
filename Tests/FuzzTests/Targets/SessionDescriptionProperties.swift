import TrunkEvents

@testable import Projections

/// What call records read out of logged messages: a codec and tags, whatever the body holds.
enum SessionDescriptionProperties {
    static func check(_ input: [UInt8]) throws(BrokenProperty) {
        try checkCodec(of: input)
        try checkCodec(of: Array("SIP/2.0 200 OK\r\n\r\n".utf8) + input)
        let bytes = input.span.bytes
        let tag = SIPText.tag(ofHeader: "to", short: "t", in: bytes)
        try hold(tag.upperBound <= input.count, "a tag lies in its message")
        let body = SIPText.body(of: bytes)
        try hold(
            body.isEmpty || body.lowerBound >= 4 && body.upperBound == input.count,
            "a body follows its empty line")
    }

    private static func checkCodec(of message: [UInt8]) throws(BrokenProperty) {
        let bytes = message.span.bytes
        let codec = SDPText.firstCodec(ofBodyIn: bytes).bytes
        try hold(!codec.contains(10) && !codec.contains(32), "a codec is a word of a line")
        guard !codec.isEmpty else { return }
        let body = message[SIPText.body(of: bytes)]
        try hold(
            body.split(separator: 10).contains { $0.starts(with: Array("m=audio ".utf8)) },
            "a codec comes of an audio line")
    }
}
