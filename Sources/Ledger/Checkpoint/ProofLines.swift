/// The lines of a proof, and what is left behind them.
struct ProofLines {
    private(set) var rest: [UInt8]

    init(_ bytes: [UInt8]) {
        rest = bytes
    }

    /// The next line without its newline; `nil` where none ends any more, or it is no UTF-8.
    mutating func next() -> String? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = String(validating: rest[..<end], as: UTF8.self)
        rest.removeSubrange(...end)
        return line
    }

    /// Hashes, one a line, up to an empty line, which is dropped.
    mutating func hashes() -> [MerkleHash]? {
        var hashes: [MerkleHash] = []
        while let line = next() {
            if line.isEmpty { return hashes }
            // No tree is deeper than a size has bits.
            guard hashes.count <= UInt64.bitWidth, let bytes = Base64.decode(line.utf8),
                let hash = MerkleHash(bytes)
            else { return nil }
            hashes.append(hash)
        }
        return nil
    }
}

extension String {
    func value(after prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
