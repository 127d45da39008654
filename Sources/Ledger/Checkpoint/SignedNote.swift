/// A text and who signed it: the signed-note format of C2SP, v1.
///
///     text, ending in a newline
///                                            (an empty line)
///     — NAME BASE64(key id || signature)     (one line a signature)
public struct SignedNote: Hashable, Sendable {
    public struct Signature: Hashable, Sendable {
        public let keyName: String
        public let keyID: UInt32
        public let bytes: [UInt8]
    }

    /// What was signed, its last newline included.
    public let text: String
    public let signatures: [Signature]

    private static let dash = Array("— ".utf8)
    private static let newline = UInt8(ascii: "\n")

    init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    /// `nil` for what is no signed note, or over the limits. Says nothing about the signatures.
    public init?(parsing note: [UInt8]) {
        guard note.count <= LedgerLimits.noteBytesMax, Self.isText(note),
            let end = Self.endOfText(note)
        else { return nil }
        text = String(decoding: note[..<end], as: UTF8.self)
        var signatures: [Signature] = []
        for line in note[(end + 1)...].dropLast().split(
            separator: Self.newline, omittingEmptySubsequences: false)
        {
            guard let signature = Self.signature(line) else { return nil }
            signatures.append(signature)
        }
        guard signatures.count <= LedgerLimits.noteSignaturesMax else { return nil }
        self.signatures = signatures
    }

    public var encoded: [UInt8] {
        var note = text + "\n"
        for signature in signatures {
            let id = (0..<4).map { UInt8(truncatingIfNeeded: signature.keyID >> (24 - 8 * $0)) }
            note += "— \(signature.keyName) \(Base64.encode(id + signature.bytes))\n"
        }
        return Array(note.utf8)
    }

    /// Key names are not empty and hold neither spaces nor plus signs.
    static func isKeyName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20
            }
    }

    /// Valid UTF-8 without control characters other than the newline.
    private static func isText(_ note: [UInt8]) -> Bool {
        note.allSatisfy { $0 >= 0x20 || $0 == newline }
            && String(validating: note, as: UTF8.self) != nil
    }

    /// Behind the text and its newline, where the last empty line is.
    private static func endOfText(_ note: [UInt8]) -> Int? {
        guard note.last == newline, note.count > 2 else { return nil }
        return (1..<note.count - 1).last { note[$0] == newline && note[$0 - 1] == newline }
    }

    private static func signature(_ line: ArraySlice<UInt8>) -> Signature? {
        guard line.starts(with: dash) else { return nil }
        let rest = line.dropFirst(dash.count)
        guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
            let signed = Base64.decode(rest[(space + 1)...]), signed.count > 4
        else { return nil }
        let name = String(decoding: rest[..<space], as: UTF8.self)
        guard isKeyName(name) else { return nil }
        return Signature(
            keyName: name, keyID: signed[..<4].reduce(0) { $0 << 8 | UInt32($1) },
            bytes: Array(signed[4...]))
    }
}
