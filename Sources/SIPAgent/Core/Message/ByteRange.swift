/// A piece of a message: a view that shares the datagram's storage instead of copying it.
typealias Bytes = ArraySlice<UInt8>

/// Half-open positions in one text of at most 65,535 bytes, counted from the text's first byte.
struct ByteRange: Equatable, Sendable {
    var lower: UInt16
    var upper: UInt16

    @inline(__always)
    init(_ lower: Int, _ upper: Int) {
        precondition(lower <= upper)
        self.lower = UInt16(lower)
        self.upper = UInt16(upper)
    }

    @inline(__always) var start: Int { Int(lower) }
    @inline(__always) var end: Int { Int(upper) }
    @inline(__always) var count: Int { end - start }
    @inline(__always) var isEmpty: Bool { lower == upper }
}

extension ArraySlice where Element == UInt8 {
    @inline(__always)
    subscript(_ range: ByteRange) -> Bytes {
        self[(startIndex + range.start)..<(startIndex + range.end)]
    }

    /// The bytes of a literal: for names and phrases written in source.
    init(_ literal: StaticString) {
        self = [UInt8](literal)[...]
    }
}

extension Array where Element == UInt8 {
    @inline(__always)
    subscript(_ range: ByteRange) -> Bytes {
        self[range.start..<range.end]
    }

    init(_ literal: StaticString) {
        self = []
        append(literal)
    }

    mutating func append(_ literal: StaticString) {
        // A literal's bytes live as long as the program; the buffer is only read here.
        literal.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }

    /// Decimal digits without leading zeros.
    mutating func append(decimal value: UInt64) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(48 + (value / divisor) % 10))
            divisor /= 10
        }
    }
}
