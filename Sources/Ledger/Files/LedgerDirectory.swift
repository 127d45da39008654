internal import Glibc

/// The paths of a ledger's files, and whether a directory may be taken for one.
struct LedgerDirectory: Sendable {
    let path: String

    var log: String { "\(path)/\(LedgerFormat.logDirectory)" }
    /// A log that is to take the place of `log`, or that did not get to.
    var compactedLog: String { "\(path)/\(LedgerFormat.compactedLogDirectory)" }
    var lock: String { "\(path)/\(LedgerFormat.lockFile)" }
    var head: String { "\(path)/\(LedgerFormat.headFile)" }
    var reserve: String { "\(path)/\(LedgerFormat.reserveFile)" }
    var key: String { "\(path)/\(LedgerFormat.keyFile)" }
    var verifierKeys: String { "\(path)/\(LedgerFormat.verifierKeysFile)" }
    var manifest: String { "\(path)/\(LedgerFormat.manifestFile)" }
    var checkpoint: String { "\(path)/\(LedgerFormat.checkpointFile)" }

    /// Makes the directory when it is missing, and refuses one that holds something else.
    func prepareForWriting() throws(LedgerError) {
        if try !Self.make(path) { try refuseForeign() }
    }

    /// Makes the directory's own name durable. Also before the log is made: whoever made the
    /// directory may have been killed before this.
    func settleName() throws(LedgerError) {
        try Self.sync(Self.parent(of: path))
    }

    /// Refuses what is no ledger, or none yet.
    func checkForReading() throws(LedgerError) {
        try refuseForeign()
        if try DataFile.inspect(log) == nil { throw .notFound(path) }
    }

    private func refuseForeign() throws(LedgerError) {
        let strangers = try Self.names(in: path).filter { !LedgerFormat.knownNames.contains($0) }
        if let stranger = strangers.min() {
            throw .foreignDirectory(path, found: stranger)
        }
    }

    /// False when it was there already.
    private static func make(_ path: String) throws(LedgerError) -> Bool {
        // The path lives during the call.
        if unsafe mkdir(path, 0o700) == 0 { return true }
        switch errno {
        case EEXIST: return false
        case ENOENT: throw .noParent(of: path)
        default: throw .system(errno, path)
        }
    }

    /// Makes the names in a directory durable.
    static func sync(_ path: String) throws(LedgerError) {
        // The path lives during the call.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system(errno, path) }
    }

    /// The directory that `path` lies in.
    static func parent(of path: String) -> String {
        var parts = path.split(separator: "/", omittingEmptySubsequences: true)
        if !parts.isEmpty { parts.removeLast() }
        let joined = parts.joined(separator: "/")
        if path.hasPrefix("/") { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }

    private static func names(in path: String) throws(LedgerError) -> [String] {
        // The stream is closed below, and no other thread has it.
        guard let stream = unsafe opendir(path) else {
            guard errno == ENOTDIR else { throw .system(errno, path) }
            throw .foreignDirectory(path, found: "a file, not a directory")
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            // d_name ends with a zero inside the entry, which lives until the next readdir.
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
                unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}
