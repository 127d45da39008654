/// Numbers of equal width over a common minimum: width (1 byte, 0 to 8), minimum (8), then each
/// number's distance from it. Any one of them is found without reading the others.
struct PackedColumn: ~Escapable {
    private let bytes: RawSpan
    private let width: Int
    private let minimum: UInt64
    let count: Int

    @_lifetime(copy reader)
    init(_ reader: inout ByteReader, count: Int) throws(Corruption) {
        width = Int(try reader.byte())
        minimum = try reader.word()
        guard width <= 8 else { throw .segment(.columns) }
        bytes = try reader.take(width * count)
        self.count = count
    }

    /// The number at `index`, which is below `count`.
    func value(_ index: Int) -> UInt64 {
        precondition(index >= 0 && index < count, "an index of the column")
        if width == 0 { return minimum }
        let start = index * width
        if start + 8 <= bytes.byteCount {
            let mask = UInt64.max >> UInt64(64 - 8 * width)
            return minimum &+ (bytes.word(at: start) & mask)
        }
        var value: UInt64 = 0
        for offset in 0..<width {
            value |= UInt64(bytes.byte(at: start + offset)) << UInt64(8 * offset)
        }
        return minimum &+ value
    }

    /// Calls `body` with the first `count` numbers, in order, and where they are.
    @inline(__always)  // the loop is a few instructions a number, with `body` in it
    func forEach(first count: Int, _ body: (Int, UInt64) -> Void) {
        precondition(count <= self.count, "as many as there are")
        let mask = width == 0 ? 0 : UInt64.max >> UInt64(64 - 8 * width)
        // Of these, eight bytes are there to be loaded.
        let wide =
            width == 0 || bytes.byteCount < 8
            ? 0 : min(count, (bytes.byteCount - 8) / width + 1)
        for index in 0..<wide { body(index, minimum &+ (bytes.word(at: index * width) & mask)) }
        for index in wide..<count { body(index, value(index)) }
    }

    static func append(_ values: [UInt64], to bytes: inout [UInt8]) {
        let minimum = values.min() ?? 0
        let range = (values.max() ?? 0) - minimum
        let width = (71 - range.leadingZeroBitCount) / 8
        bytes.append(UInt8(width))
        bytes.append(minimum, width: 8)
        for value in values { bytes.append(value - minimum, width: width) }
    }

    /// Signed distances as numbers that are small when the distance is.
    static func zigzag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: value << 1) ^ UInt64(bitPattern: value >> 63)
    }

    static func unzigzag(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
