/// LMDB 0.9's record of one B+ tree (`MDB_db`): 48 bytes.
struct TreeRecord: Hashable, Sendable {
    static let byteCount = 48
    /// `P_INVALID`: the tree has no page yet.
    static let noRoot = UInt64.max

    /// In the free list's record of a meta page, the page size; else unused.
    let pad: UInt32
    let flags: UInt16
    let depth: Int
    let entries: UInt64
    let root: UInt64

    init(_ bytes: RawSpan, at offset: Int) {
        pad = bytes.half(at: offset)
        flags = bytes.quarter(at: offset + 4)
        depth = Int(bytes.quarter(at: offset + 6))
        entries = bytes.word(at: offset + 32)
        root = bytes.word(at: offset + 40)
    }

    var isEmpty: Bool { root == Self.noRoot }
}

/// LMDB 0.9's meta page (`MDB_meta`), decoded with its bounds checked. Pages 0 and 1 are meta
/// pages; commit N writes page N & 1.
struct MetaPage: Hashable, Sendable {
    /// The page header, then the meta record.
    static let byteCount = 16 + 136
    private static let magic: UInt32 = 0xBEEF_C0DE
    private static let dataVersion: UInt32 = 1

    let mapBytes: UInt64
    let pageBytes: Int
    let free: TreeRecord
    let main: TreeRecord
    let lastPage: UInt64
    let commit: UInt64

    /// `bytes` begin with page `number`.
    init(_ bytes: RawSpan, number: UInt64) throws(Corruption) {
        guard bytes.byteCount >= Self.byteCount else { throw .page(number, .outOfFile) }
        guard bytes.word(at: 0) == number else { throw .page(number, .number) }
        guard bytes.quarter(at: 10) == PageKind.meta.rawValue,
            bytes.half(at: 16) == Self.magic, bytes.half(at: 20) == Self.dataVersion
        else { throw .page(number, .meta) }
        mapBytes = bytes.word(at: 32)
        free = TreeRecord(bytes, at: 40)
        main = TreeRecord(bytes, at: 88)
        lastPage = bytes.word(at: 136)
        commit = bytes.word(at: 144)
        pageBytes = Int(free.pad)
        // Powers of two from 512 (lmdb's MIN_PAGESIZE is what a node needs) to 32 KiB.
        guard (512...32_768).contains(pageBytes), pageBytes & (pageBytes - 1) == 0,
            lastPage >= 1, lastPage < UInt64(Int.max / pageBytes) - 1
        else { throw .page(number, .meta) }
        // MDB_INTEGERKEY for the free list and nothing else: a bit more would change the order of
        // keys, or ask for a map at a fixed address.
        guard free.flags == 0x08, main.flags == 0 else { throw .page(number, .meta) }
    }

    /// Checks the trees of a page that is to be read.
    ///
    /// Not those of every page: where liblmdb failed to write a meta page, it puts the commit's
    /// number and the last page back, and leaves the trees of the commit that failed
    /// (`mdb_env_write_meta`). Nobody reads such a page before the next commit replaces it.
    func checkTrees() throws(Corruption) {
        for tree in [free, main] {
            let isInside = tree.root >= 2 && tree.root <= lastPage
            guard tree.isEmpty ? tree.entries == 0 : isInside,
                tree.depth <= LedgerLimits.treeDepthMax
            else { throw .page(commit & 1, .meta) }
        }
    }

    /// Bytes of the file that this commit's pages can lie in.
    var fileBytes: Int { (Int(lastPage) + 1) * pageBytes }

    /// Both meta pages of a file that begins with `bytes`: the newer one, all of it checked, and
    /// the older one.
    static func both(
        _ bytes: RawSpan
    ) throws(Corruption) -> (newer: MetaPage, older: MetaPage) {
        let first = try MetaPage(bytes, number: 0)
        guard bytes.byteCount >= 2 * first.pageBytes else { throw .page(1, .outOfFile) }
        let second = try MetaPage(bytes.extracting(droppingFirst: first.pageBytes), number: 1)
        guard second.pageBytes == first.pageBytes else { throw .page(1, .meta) }
        // A new file has commit 0 on both pages; from then on a page carries its own parity, and
        // the two follow each other.
        let isNew = first.commit == 0 && second.commit == 0
        let distance = first.commit.subtractingReportingOverflow(second.commit).partialValue
        guard isNew || (first.commit & 1 == 0 && second.commit & 1 == 1) else {
            throw .page(first.commit & 1 == 0 ? 1 : 0, .meta)
        }
        guard isNew || distance == 1 || distance == .max else { throw .page(0, .meta) }
        let metas = first.commit >= second.commit ? (first, second) : (second, first)
        try metas.0.checkTrees()
        return metas
    }
}
