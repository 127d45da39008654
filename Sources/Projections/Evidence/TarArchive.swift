public import TrunkEvents

/// Files in one POSIX archive (ustar, IEEE Std 1003.1 "pax"): the same files are the same bytes.
public struct TarArchive: Sendable {
    private static let blockBytes = 512
    private static let nameBytesMax = 100

    public private(set) var bytes: [UInt8] = []
    private let modified: Int64

    /// - Parameter modified: the time that every file gets, in whole seconds.
    public init(modified: WallInstant) {
        self.modified = max(0, modified.nanoseconds / 1_000_000_000)
    }

    public mutating func add(_ name: String, _ content: [UInt8]) {
        precondition(name.utf8.count <= Self.nameBytesMax, "a name that ustar's field holds")
        bytes.append(contentsOf: header(name, count: content.count))
        bytes.append(contentsOf: content)
        pad()
    }

    /// Two empty blocks end an archive.
    public mutating func finish() {
        bytes.append(contentsOf: repeatElement(0, count: 2 * Self.blockBytes))
    }

    private mutating func pad() {
        let over = bytes.count % Self.blockBytes
        if over > 0 { bytes.append(contentsOf: repeatElement(0, count: Self.blockBytes - over)) }
    }

    private func header(_ name: String, count: Int) -> [UInt8] {
        let fields: [(text: String, width: Int)] = [
            (name, 100), ("0000644", 8), ("0000000", 8), ("0000000", 8),
            (Self.octal(Int64(count), 11), 12), (Self.octal(modified, 11), 12),
            // The checksum counts its own field as blanks.
            (String(repeating: " ", count: 8), 8), ("0", 1), ("", 100), ("ustar", 6), ("00", 2),
            ("", 32), ("", 32), ("0000000", 8), ("0000000", 8), ("", 155), ("", 12),
        ]
        var header: [UInt8] = []
        for (text, width) in fields {
            header.append(contentsOf: text.utf8)
            header.append(contentsOf: repeatElement(0, count: width - text.utf8.count))
        }
        let sum = header.reduce(Int64(0)) { $0 + Int64($1) }
        header.replaceSubrange(148..<156, with: Array(Self.octal(sum, 6).utf8) + [0, 0x20])
        return header
    }

    private static func octal(_ value: Int64, _ width: Int) -> String {
        let digits = String(value, radix: 8)
        precondition(digits.count <= width, "a number that ustar's field holds")
        return String(repeating: "0", count: width - digits.count) + digits
    }
}
