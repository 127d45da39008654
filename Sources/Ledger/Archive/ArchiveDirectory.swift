internal import Glibc

/// A directory of archived segments, one file each.
struct ArchiveDirectory {
    /// From the root on: the log remembers it.
    let path: String

    /// With `making`, a missing directory is made (mode 0700; its parents must exist).
    init(_ path: String, making: Bool) throws(LedgerError) {
        // The path lives during the call.
        if making, unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw .system(errno, path)
        }
        // realpath allocates the answer, which is freed here.
        guard let resolved = unsafe realpath(path, nil) else { throw .system(errno, path) }
        self.path = unsafe String(cString: resolved)
        unsafe free(resolved)
    }

    /// What the log keeps in the place of what went here.
    var marker: [UInt8] {
        var value = Array(path.utf8)
        // UInt8 has no padding whose bytes could be uninitialised.
        value.append(unsafe XXH64.hash(value.span.bytes), width: 8)
        return value
    }

    func write(_ bytes: [UInt8], as name: String) throws(LedgerError) {
        try SmallFile.replace("\(path)/\(name)", with: bytes, mode: 0o600)
    }

    /// `nil` when there is no such file.
    func read(_ name: String) throws(LedgerError) -> [UInt8]? {
        try SmallFile.read("\(path)/\(name)")
    }

    /// Reads a file again in full, and holds it against the segment that it should hold.
    func check(
        _ name: String, against header: SegmentHeader, of ledger: LedgerID
    ) throws(LedgerError) {
        guard let bytes = try read(name) else { throw .notFound("\(path)/\(name)") }
        do throws(Corruption) {
            // UInt8 has no padding whose bytes could be uninitialised.
            let file = unsafe try SegmentFile(bytes.span.bytes)
            guard file.ledger == ledger, try file.open().header == header else {
                throw .segment(.file)
            }
            _ = try file.checkedEvidence()
        } catch {
            throw .corrupt(header.first, error, in: "\(path)/\(name)")
        }
    }

    /// Pieces of a file that was checked.
    func pieces(
        _ numbers: [UInt32], of bytes: [UInt8], _ name: String
    ) throws(LedgerError) -> [(number: UInt32, bytes: [UInt8])] {
        do throws(Corruption) {
            // UInt8 has no padding whose bytes could be uninitialised.
            let file = unsafe try SegmentFile(bytes.span.bytes)
            var pieces: [(number: UInt32, bytes: [UInt8])] = []
            for number in numbers {
                guard let piece = file.piece(number) else { throw .segment(.piece(number)) }
                pieces.append((number, piece.array))
            }
            return pieces
        } catch {
            throw .corrupt(.zero, error, in: "\(path)/\(name)")
        }
    }
}

extension SegmentFile {
    /// Checks every event, and that they lead to the root that the checkpoint names; says nothing
    /// of its signature.
    func checkedEvidence() throws(Corruption) -> ArchiveEvidence {
        let segment = try open()
        var audit = SegmentAudit()
        try audit.check(segment, after: nil)
        guard let evidence = ArchiveEvidence(parsing: self.evidence) else {
            throw .checkpoint(size: 0, .unreadable)
        }
        let checkpoint = evidence.head.checkpoint
        let leaves = try segment.leaves(0..<segment.header.count)
        guard evidence.root(of: leaves, from: first.rawValue - 1) == checkpoint.root else {
            throw .checkpoint(size: checkpoint.size, .root)
        }
        return evidence
    }
}
