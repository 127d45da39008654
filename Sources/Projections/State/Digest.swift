import Crypto

/// A SHA-256 digest.
public struct Digest: Hashable, Sendable {
    public let bytes: [UInt8]

    public static let byteCount = 32

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// `nil` unless `bytes` are exactly 32.
    public init?(exactly bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(bytes: bytes)
    }

    public init(of parts: [UInt8]...) {
        var hash = DigestBuilder()
        for part in parts { hash.append(part) }
        self = hash.finish()
    }

    fileprivate init(_ digest: SHA256.Digest) {
        bytes = Array(digest)
    }
}

/// Digests bytes that come in parts.
struct DigestBuilder {
    private var hash = SHA256()

    mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }

    func finish() -> Digest { Digest(hash.finalize()) }
}

extension Digest: CustomStringConvertible {
    /// 64 hexadecimal digits.
    public var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// From 64 hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == Self.byteCount * 2 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            let pair = String(decoding: digits[index...(index + 1)], as: UTF8.self)
            guard !pair.contains("+"), let byte = UInt8(pair, radix: 16) else { return nil }
            bytes.append(byte)
        }
        self.init(bytes: bytes)
    }
}

extension Digest: StateCodable {
    public func encode(into encoder: inout StateEncoder) { encoder.append(contentsOf: bytes) }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        self.init(bytes: try decoder.bytes(count: Self.byteCount))
    }
}
