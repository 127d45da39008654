/// Page flags of LMDB 0.9 as they lie on disk; in-memory flags (dirty, loose) never reach it.
enum PageKind: UInt16 {
    case branch = 0x01
    case leaf = 0x02
    case overflow = 0x04
    case meta = 0x08
}

/// The pages that a snapshot may reach: a prefix of the data file, never beyond its end.
struct PageFile: ~Escapable {
    static let headerBytes = 16

    let bytes: RawSpan
    let pageBytes: Int
    private let pageCount: UInt64

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, pageBytes: Int) {
        self.bytes = bytes
        self.pageBytes = pageBytes
        pageCount = UInt64(bytes.byteCount / pageBytes)
    }

    /// `count` pages from `number` on.
    @_lifetime(copy self)
    func run(from number: UInt64, count: Int) throws(Corruption) -> RawSpan {
        guard number < pageCount, UInt64(count) <= pageCount - number else {
            throw .page(number, .outOfFile)
        }
        let start = Int(number) * pageBytes
        let run = bytes.extracting(start..<start + count * pageBytes)
        guard run.word(at: 0) == number else { throw .page(number, .number) }
        return run
    }

    /// A value that did not fit its leaf: 16 bytes of header, then the value, over whole pages.
    @_lifetime(copy self)
    func overflow(_ number: UInt64, byteCount: Int) throws(Corruption) -> RawSpan {
        let pages = (Self.headerBytes + byteCount + pageBytes - 1) / pageBytes
        let run = try run(from: number, count: pages)
        guard run.quarter(at: 10) == PageKind.overflow.rawValue else {
            throw .page(number, .kind)
        }
        guard run.half(at: 12) == UInt32(exactly: pages) else {
            throw .page(number, .overflow)
        }
        return run.extracting(Self.headerBytes..<Self.headerBytes + byteCount)
    }

    @_lifetime(copy self)
    func page(_ number: UInt64, _ kind: PageKind) throws(Corruption) -> Page {
        try Page(run(from: number, count: 1), number: number, kind: kind)
    }
}

/// A branch or leaf page whose header and index were measured.
struct Page: ~Escapable {
    let bytes: RawSpan
    let number: UInt64
    let kind: PageKind
    /// How many nodes it indexes.
    let count: Int

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, number: UInt64, kind: PageKind) throws(Corruption) {
        guard bytes.quarter(at: 10) == kind.rawValue else { throw .page(number, .kind) }
        let lower = Int(bytes.quarter(at: 12))
        let upper = Int(bytes.quarter(at: 14))
        guard lower > PageFile.headerBytes, lower & 1 == 0, lower <= upper,
            upper < bytes.byteCount
        else { throw .page(number, .bounds) }
        // A branch has two children, or one after deletions; a leaf at least one node.
        count = (lower - PageFile.headerBytes) / 2
        self.bytes = bytes
        self.number = number
        self.kind = kind
    }

    @_lifetime(copy self)
    func node(_ index: Int) throws(Corruption) -> Node {
        try Node(bytes(ofNode: index), page: self)
    }

    /// The key of node `index`; nothing else of the node is measured.
    @_lifetime(copy self)
    private func key(_ index: Int) throws(Corruption) -> RawSpan {
        try Node.key(in: bytes(ofNode: index), page: self)
    }

    /// From the beginning of node `index` to the end of the page: a node's header at least.
    @_lifetime(copy self)
    private func bytes(ofNode index: Int) throws(Corruption) -> RawSpan {
        precondition(index >= 0 && index < count, "an index of this page")
        let offset = Int(bytes.quarter(at: PageFile.headerBytes + 2 * index))
        guard offset >= PageFile.headerBytes + 2 * count,
            offset + Node.headerBytes <= bytes.byteCount
        else { throw .page(number, .node) }
        return bytes.extracting(droppingFirst: offset)
    }

    /// The child page of node `index` of a branch.
    func child(_ index: Int) throws(Corruption) -> UInt64 {
        try node(index).child
    }

    /// The index of the last node whose key is at most `key`; -1 when all are greater. The first
    /// node of a branch stands for everything below the second, whatever its key.
    func floor(_ key: RawSpan) throws(Corruption) -> Int {
        var low = kind == .branch ? 1 : 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if try self.key(middle).isAtMost(key) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low - 1
    }
}

/// One entry of a page.
struct Node: ~Escapable {
    static let headerBytes = 8
    private static let bigData: UInt16 = 0x01
    private static let subData: UInt16 = 0x02

    enum Storage: Hashable {
        case inline
        case overflow(UInt64)
        /// The value is the record of a named database.
        case tree
    }

    let key: RawSpan
    let storage: Storage
    /// Of a leaf: the value's length. Of a branch: nothing.
    let valueBytes: Int
    /// Of a branch: the child's page number.
    let child: UInt64
    /// Of a leaf: the value where it is inline, else what leads to it.
    let inline: RawSpan
    /// Bytes that the node takes on its page, header and padding included.
    let footprint: Int
    /// The page that the node lies on.
    let page: UInt64

    @_lifetime(copy bytes)
    fileprivate static func key(
        in bytes: RawSpan, page: borrowing Page
    ) throws(Corruption) -> RawSpan {
        let keyBytes = Int(bytes.quarter(at: 6))
        guard keyBytes <= bytes.byteCount - Self.headerBytes else {
            throw .page(page.number, .node)
        }
        return bytes.extracting(Self.headerBytes..<Self.headerBytes + keyBytes)
    }

    /// The value of a leaf's node, wherever it lies in `file`.
    @_lifetime(copy self, copy file)
    func value(in file: PageFile) throws(Corruption) -> RawSpan {
        switch storage {
        case .inline: inline
        case .overflow(let first): try file.overflow(first, byteCount: valueBytes)
        case .tree: throw .page(page, .node)
        }
    }

    @_lifetime(copy bytes)
    fileprivate init(_ bytes: RawSpan, page: borrowing Page) throws(Corruption) {
        let low = UInt64(bytes.half(at: 0))
        let flags = bytes.quarter(at: 4)
        key = try Self.key(in: bytes, page: page)
        self.page = page.number
        let keyBytes = key.byteCount
        let room = bytes.byteCount - Self.headerBytes - keyBytes
        let rest = bytes.extracting(droppingFirst: Self.headerBytes + keyBytes)
        if page.kind == .branch {
            child = low | UInt64(flags) << 32
            storage = .inline
            valueBytes = 0
            inline = rest.extracting(first: 0)
            footprint = (Self.headerBytes + keyBytes + 1) & ~1
            return
        }
        child = 0
        valueBytes = Int(low)
        let stored = flags == Self.bigData ? 8 : valueBytes
        guard stored <= room else { throw .page(page.number, .node) }
        inline = rest.extracting(first: stored)
        footprint = (Self.headerBytes + keyBytes + stored + 1) & ~1
        switch flags {
        case 0: storage = .inline
        case Self.bigData: storage = .overflow(inline.word(at: 0))
        case Self.subData where valueBytes == TreeRecord.byteCount: storage = .tree
        default: throw .page(page.number, .node)
        }
    }
}

extension RawSpan {
    /// LMDB's key order (`mdb_cmp_memn`): bytewise, a prefix before what it begins.
    func isAtMost(_ other: RawSpan) -> Bool {
        let common = min(byteCount, other.byteCount)
        // Most keys begin with a position, and differ there.
        if common >= 8, word(at: 0) != other.word(at: 0) {
            return word(at: 0).byteSwapped < other.word(at: 0).byteSwapped
        }
        for offset in 0..<common where byte(at: offset) != other.byte(at: offset) {
            return byte(at: offset) < other.byte(at: offset)
        }
        return byteCount <= other.byteCount
    }
}
