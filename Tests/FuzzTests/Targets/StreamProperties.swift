@testable import SIPAgent

/// The framing of streams: the same items however the network cuts the octets, and what was cut
/// out by Content-Length is read with that length.
///
/// The first two bytes say how the rest is cut.
enum StreamProperties {
    static func check(_ input: [UInt8]) throws(BrokenProperty) {
        guard input.count > 2 else { return }
        let stream = Array(input[2...])
        let whole = framed(stream, pieces: [stream.count])
        try checkItems(whole.items)
        let cuts = Self.cuts(of: stream.count, from: input[0], input[1])
        try compare(whole, framed(stream, pieces: cuts), "pieces")
        if stream.count <= 4_096 {
            let single = [Int](repeating: 1, count: stream.count)
            try compare(whole, framed(stream, pieces: single), "octets")
        }
    }

    private typealias Framing = (items: [StreamItem], isBetween: Bool)

    private static func framed(_ stream: [UInt8], pieces: [Int]) -> Framing {
        var framer = StreamFramer()
        var items: [StreamItem] = []
        var start = 0
        for length in pieces {
            framer.append(stream[start..<start + length])
            start += length
            while let item = framer.next() {
                items.append(item)
                if case .broken = item { return (items, framer.isBetweenMessages) }
            }
        }
        return (items, framer.isBetweenMessages)
    }

    private static func compare(
        _ whole: Framing, _ cut: Framing, _ how: String
    ) throws(BrokenProperty) {
        try hold(whole.items == cut.items, "the stream cut into \(how) holds the same items")
        try hold(whole.isBetween == cut.isBetween, "the stream cut into \(how) ends the same")
    }

    /// Lengths that add up to `count`.
    private static func cuts(of count: Int, from first: UInt8, _ second: UInt8) -> [Int] {
        var lengths: [Int] = []
        var rest = count
        var state = UInt32(first) << 8 | UInt32(second)
        while rest > 0 {
            state = state &* 1_664_525 &+ 1_013_904_223
            let length = min(rest, 1 + Int(state >> 16) % (1 + Int(first)))
            lengths.append(length)
            rest -= length
        }
        return lengths
    }

    private static func checkItems(_ items: [StreamItem]) throws(BrokenProperty) {
        for (place, item) in items.enumerated() {
            guard case .message(let bytes) = item else { continue }
            try hold(
                bytes.count <= MessageLimits.messageBytesMax, "a framed message is within limits")
            if place + 1 < items.count, case .broken = items[place + 1] { continue }
            try checkLength(of: bytes)
        }
    }

    /// Framer and parser must agree where a message ends: what one takes for a body, another could
    /// take for the next message.
    private static func checkLength(of bytes: [UInt8]) throws(BrokenProperty) {
        var room: [HeaderField] = []
        switch ParseOutcome(parsing: bytes, isFramed: true, reusing: &room) {
        case .message(let message):
            try hold(message.index.body.end == bytes.count, "the body is the rest of the message")
        case .malformedRequest(let request):
            try hold(request.fault != .bodyTooShort, "a framed body is whole")
        case .unusable(let fault):
            try hold(fault != .bodyTooShort, "a framed body is whole")
        }
    }
}
