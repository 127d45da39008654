import Ledger
import Projections

/// The public keys that somebody trusts, from a file like a ledger's `key.pub`: one a line.
struct TrustedKeys {
    let keys: [VerifierKey]

    init(file path: String) throws {
        let text = String(decoding: try InputFile(path: path).bytes(), as: UTF8.self)
        var keys: [VerifierKey] = []
        for (index, line) in text.split(whereSeparator: \.isNewline).enumerated() {
            guard let key = VerifierKey(String(line)) else {
                throw CommandFailure(
                    .badInput,
                    "\(path), key \(index + 1) is no public key; it looks like a line of the "
                        + "ledger's key.pub: NAME+KEYID+BASE64")
            }
            keys.append(key)
        }
        guard !keys.isEmpty else {
            throw CommandFailure(
                .badInput, "\(path) holds no key; give a copy of the ledger's key.pub")
        }
        self.keys = keys
    }
}

/// A checkpoint that was kept outside of the ledger.
enum KeptCheckpoint {
    static func read(_ path: String) throws -> SignedCheckpoint {
        if let head = SignedCheckpoint(parsing: try InputFile(path: path).bytes()) { return head }
        throw CommandFailure(
            .badInput, "\(path) is no checkpoint; give a file that 'trunkledger checkpoint' printed"
        )
    }
}
