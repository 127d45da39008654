/// Walks a tree of frames leaf by leaf and checks what a mere reader takes on trust: that every
/// separator fits what lies under it, that pages account for all their bytes, that depth and
/// order hold. Where a page is damaged it says so, and goes on behind it.
struct PageAudit: ~Escapable {
    private let tree: PageTree
    /// Where to begin; what lies wholly before it is skipped.
    private let start: UInt128
    private let keys: KeyForm
    /// Keys seen must rise.
    private var last: UInt128?

    /// What the big-endian keys of a tree are.
    enum KeyForm: Int {
        /// 8 bytes: see ``FrameLayout``.
        case numbers = 8
        /// 12 bytes: see ``SegmentLayout``.
        case pieces = 12
    }

    /// What a walk tells its visitor.
    enum Finding: ~Escapable {
        case frame(key: RawSpan, value: RawSpan)
        /// Everything from `from` up to the next separator is lost with a page.
        case damage(from: UInt64, Corruption)
    }

    @_lifetime(copy tree)
    init(_ tree: PageTree, keys: KeyForm = .numbers, from start: UInt64) {
        self.tree = tree
        self.keys = keys
        self.start = UInt128(start) << 32
    }

    /// Visits in order until `visit` answers `.stop`.
    @_lifetime(self: copy self)
    mutating func walk(_ visit: (borrowing Finding) -> ReadStep) {
        guard !tree.record.isEmpty else { return }
        _ = walk(tree.record.root, depth: 1, Bounds(lower: 0, upper: nil), visit)
    }

    /// What the parents' separators allow: `lower <= key < upper`.
    private struct Bounds {
        var lower: UInt128
        var upper: UInt128?

        func contains(_ key: UInt128) -> Bool {
            key >= lower && (upper.map { key < $0 } ?? true)
        }
    }

    @_lifetime(self: copy self)
    private mutating func walk(
        _ number: UInt64, depth: Int, _ bounds: Bounds,
        _ visit: (borrowing Finding) -> ReadStep
    ) -> ReadStep {
        if let upper = bounds.upper, upper <= start { return .next }
        do throws(Corruption) {
            if depth == tree.record.depth {
                let leaf = try tree.file.page(number, .leaf)
                try leaf.checkLayout()
                return walkLeaf(leaf, bounds, visit)
            }
            let branch = try tree.file.page(number, .branch)
            try branch.checkLayout()
            return walkBranch(branch, depth: depth, bounds, visit)
        } catch {
            return visit(.damage(from: UInt64(max(bounds.lower, start) >> 32), error))
        }
    }

    @_lifetime(self: copy self)
    private mutating func walkBranch(
        _ page: Page, depth: Int, _ bounds: Bounds, _ visit: (borrowing Finding) -> ReadStep
    ) -> ReadStep {
        var lower = bounds.lower
        for index in 0..<page.count {
            var inner = Bounds(lower: lower, upper: bounds.upper)
            do throws(Corruption) {
                if index + 1 < page.count {
                    let separator = try page.node(index + 1).number(keys, page.number)
                    guard separator > lower || (index == 0 && separator >= lower),
                        bounds.contains(separator)
                    else { throw .page(page.number, .order) }
                    inner.upper = separator
                    lower = separator
                }
                let child = try page.node(index).child
                if walk(child, depth: depth + 1, inner, visit) == .stop { return .stop }
            } catch {
                return visit(.damage(from: UInt64(max(inner.lower, start) >> 32), error))
            }
        }
        return .next
    }

    @_lifetime(self: copy self)
    private mutating func walkLeaf(
        _ page: Page, _ bounds: Bounds, _ visit: (borrowing Finding) -> ReadStep
    ) -> ReadStep {
        var expected = bounds.lower
        for index in 0..<page.count {
            do throws(Corruption) {
                let node = try page.node(index)
                let key = try node.number(keys, page.number)
                guard bounds.contains(key), last.map({ key > $0 }) ?? true else {
                    throw .page(page.number, .order)
                }
                expected = key
                if key < start { continue }
                last = key
                let value = try node.value(in: tree.file)
                if visit(.frame(key: node.key, value: value)) == .stop { return .stop }
            } catch {
                if visit(.damage(from: UInt64(max(expected, start) >> 32), error)) == .stop {
                    return .stop
                }
            }
        }
        return .next
    }
}

extension Node {
    /// The number of the key, then 32 bits for a piece's.
    fileprivate func number(
        _ form: PageAudit.KeyForm, _ page: UInt64
    ) throws(Corruption) -> UInt128 {
        guard key.byteCount == form.rawValue else { throw .page(page, .node) }
        let number = UInt128(key.word(at: 0).byteSwapped) << 32
        return form == .numbers ? number : number | UInt128(key.half(at: 8).byteSwapped)
    }
}

extension Page {
    /// LMDB keeps a page's nodes packed against its end: index, free space, nodes. So the bytes
    /// between `upper` and the end are exactly the nodes', none twice.
    func checkLayout() throws(Corruption) {
        let upper = Int(bytes.quarter(at: 14))
        var used = 0
        for index in 0..<count {
            let offset = Int(bytes.quarter(at: PageFile.headerBytes + 2 * index))
            guard offset >= upper else { throw .page(number, .bounds) }
            used += try node(index).footprint
        }
        guard used == bytes.byteCount - upper else { throw .page(number, .bounds) }
    }
}

extension PageTree {
    enum Extent {
        case all
        /// The last child of each page only.
        case last
    }

    /// Checks the layout of the tree's own pages; not what overflows from them.
    func checkPages(_ extent: Extent) throws(Corruption) {
        if record.isEmpty { return }
        try checkPages(extent, under: record.root, depth: 1)
    }

    private func checkPages(
        _ extent: Extent, under number: UInt64, depth: Int
    ) throws(Corruption) {
        let isLeaf = depth == record.depth
        guard depth <= record.depth else { throw .page(number, .depth) }
        let page = try file.page(number, isLeaf ? .leaf : .branch)
        try page.checkLayout()
        if isLeaf { return }
        let first = extent == .all ? 0 : page.count - 1
        for index in first..<page.count {
            try checkPages(extent, under: page.child(index), depth: depth + 1)
        }
    }
}
