internal import Glibc

/// The file of a ledger's secret key: nobody but its owner may read it.
struct KeyFile {
    private static let mode: mode_t = 0o600

    let path: String

    /// The key in the file; `nil` when there is none.
    func load() throws(LedgerError) -> SigningKey? {
        // The path lives during the call.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .system(errno, path)
        }
        defer { close(descriptor) }
        var status = stat()
        // fstat fills the struct or says why not.
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system(errno, path) }
        guard status.st_mode & 0o077 == 0 else {
            throw .unusableKey(
                path, "can be read by others than its owner", advice: "run chmod 600 on it")
        }
        let bytes = try SmallFile.read(
            descriptor, path, limit: LedgerLimits.keyFileBytesMax)
        guard let key = SigningKey(parsing: bytes) else {
            throw .unusableKey(
                path, "is not a signing key",
                advice: "restore it, or move it away so that a new one is made")
        }
        return key
    }

    /// Makes the file, which must not exist yet.
    func create(_ key: SigningKey) throws(LedgerError) {
        try SmallFile.create(path, with: key.fileContent, mode: Self.mode)
        try SmallFile.syncDirectory(of: path)
    }
}

/// The file of the public keys that have signed for a ledger, one a line, the latest last.
struct VerifierKeysFile {
    private static let mode: mode_t = 0o644

    let path: String

    /// None where there is no such file.
    func load() throws(LedgerError) -> [VerifierKey] {
        guard let bytes = try SmallFile.read(path, limit: LedgerLimits.keyFileBytesMax) else {
            return []
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw malformed }
        var keys: [VerifierKey] = []
        for line in text.split(separator: "\n") {
            guard let key = VerifierKey(String(line)) else { throw malformed }
            keys.append(key)
        }
        return keys
    }

    /// Adds a key unless it is there.
    func add(_ key: VerifierKey) throws(LedgerError) {
        let keys = try load()
        if keys.contains(key) { return }
        let text = (keys + [key]).map { "\($0)\n" }.joined()
        try SmallFile.replace(path, with: Array(text.utf8), mode: Self.mode)
    }

    private var malformed: LedgerError {
        .corrupt(.zero, .verifierKeys, in: path)
    }
}
