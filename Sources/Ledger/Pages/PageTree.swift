/// A B+ tree of LMDB 0.9, read straight from its pages.
///
/// liblmdb follows offsets and page numbers as it finds them, so a flipped bit can crash the
/// process that reads it. Here every number is measured before it is followed, and what does not
/// measure up is thrown with the page it lies on.
struct PageTree: ~Escapable {
    let file: PageFile
    let record: TreeRecord

    @_lifetime(copy file)
    init(_ file: PageFile, _ record: TreeRecord) {
        self.file = file
        self.record = record
    }

    /// The value of `key`, or `nil`.
    @_lifetime(copy self)
    func value(of key: RawSpan) throws(Corruption) -> RawSpan? {
        try node(of: key)?.value(in: file)
    }

    /// The leaf's node of `key`, or `nil`.
    @_lifetime(copy self)
    private func node(of key: RawSpan) throws(Corruption) -> Node? {
        guard !record.isEmpty else { return nil }
        var number = record.root
        var depth = 1
        while depth < record.depth {
            let page = try file.page(number, .branch)
            number = try page.child(page.floor(key))
            depth += 1
        }
        let leaf = try file.page(number, .leaf)
        let index = try leaf.floor(key)
        guard index >= 0 else { return nil }
        let node = try leaf.node(index)
        return key.isAtMost(node.key) ? node : nil
    }

    /// The tree that `name` stands for in the tree of named databases, or `nil`.
    @_lifetime(copy self)
    func tree(named name: String) throws(Corruption) -> PageTree? {
        let bytes = Array(name.utf8)
        // UInt8 has no padding whose bytes could be uninitialised.
        let key = unsafe bytes.span.bytes
        guard let node = try node(of: key) else { return nil }
        guard node.storage == .tree else { throw .page(node.page, .node) }
        let record = TreeRecord(node.inline, at: 0)
        // Neither of our databases has duplicate or reversed keys.
        guard record.flags == 0, record.depth <= LedgerLimits.treeDepthMax else {
            throw .page(node.page, .node)
        }
        return PageTree(file, record)
    }
}

/// A place in a ``PageTree``: a node of a leaf, and the way down to it.
struct PageCursor: ~Escapable {
    private struct Step {
        var page: UInt64
        var index: Int
        var count: Int
    }

    let tree: PageTree
    /// From the root to the leaf; empty when the cursor is nowhere.
    private var path: [Step] = []

    @_lifetime(copy tree)
    init(_ tree: PageTree) {
        self.tree = tree
        path.reserveCapacity(tree.record.depth)
    }

    /// To the first node; false when there is none.
    @_lifetime(self: copy self)
    mutating func seekFirst() throws(Corruption) -> Bool {
        guard !tree.record.isEmpty else { return false }
        path.removeAll(keepingCapacity: true)
        try descend(from: tree.record.root, .first)
        return true
    }

    /// To the last node; false when there is none.
    @_lifetime(self: copy self)
    mutating func seekLast() throws(Corruption) -> Bool {
        guard !tree.record.isEmpty else { return false }
        path.removeAll(keepingCapacity: true)
        try descend(from: tree.record.root, .last)
        return true
    }

    /// To the last node whose key is at most `key`; false when there is none.
    @_lifetime(self: copy self)
    mutating func seek(atOrBefore key: RawSpan) throws(Corruption) -> Bool {
        guard !tree.record.isEmpty else { return false }
        path.removeAll(keepingCapacity: true)
        var number = tree.record.root
        while path.count + 1 < tree.record.depth {
            let page = try tree.file.page(number, .branch)
            let index = try page.floor(key)
            path.append(Step(page: number, index: index, count: page.count))
            number = try page.child(index)
        }
        let leaf = try tree.file.page(number, .leaf)
        let index = try leaf.floor(key)
        path.append(Step(page: number, index: max(index, 0), count: leaf.count))
        // Deletions may leave a leaf whose first key is above what its parent says: the node
        // sought is then the last one of the leaf before.
        if index >= 0 { return true }
        return try retreat()
    }

    /// To the node after this one; false, and nowhere, when there is none.
    @_lifetime(self: copy self)
    mutating func advance() throws(Corruption) -> Bool {
        while let step = path.popLast() {
            guard step.index + 1 < step.count else { continue }
            path.append(Step(page: step.page, index: step.index + 1, count: step.count))
            try descend(below: step.page, step.index + 1, .first)
            return true
        }
        return false
    }

    /// To the node before this one; false, and nowhere, when there is none.
    @_lifetime(self: copy self)
    mutating func retreat() throws(Corruption) -> Bool {
        while let step = path.popLast() {
            guard step.index > 0 else { continue }
            path.append(Step(page: step.page, index: step.index - 1, count: step.count))
            try descend(below: step.page, step.index - 1, .last)
            return true
        }
        return false
    }

    private enum End {
        case first
        case last
    }

    @_lifetime(self: copy self)
    private mutating func descend(
        below page: UInt64, _ index: Int, _ end: End
    ) throws(Corruption) {
        guard path.count < tree.record.depth else { return }
        let branch = try tree.file.page(page, .branch)
        try descend(from: branch.child(index), end)
    }

    @_lifetime(self: copy self)
    private mutating func descend(from root: UInt64, _ end: End) throws(Corruption) {
        var number = root
        while true {
            let kind: PageKind = path.count + 1 < tree.record.depth ? .branch : .leaf
            let page = try tree.file.page(number, kind)
            let index = end == .first ? 0 : page.count - 1
            path.append(Step(page: number, index: index, count: page.count))
            if kind == .leaf { return }
            number = try page.child(index)
        }
    }

    /// The leaf that the cursor is on.
    var leaf: UInt64 { path[path.count - 1].page }

    @_lifetime(copy self)
    func node() throws(Corruption) -> Node {
        let step = path[path.count - 1]
        return try tree.file.page(step.page, .leaf).node(step.index)
    }

    @_lifetime(copy self)
    func key() throws(Corruption) -> RawSpan {
        try node().key
    }

    /// The value, wherever it lies.
    @_lifetime(copy self)
    func value() throws(Corruption) -> RawSpan {
        try node().value(in: tree.file)
    }
}
