extension Snapshot {
    /// Checks what liblmdb will follow, and not measure, when it adds a frame: the names, the free
    /// list, the way down to the last frame, and the pages of the other databases.
    func checkWritePath() throws(Corruption) {
        try main.checkPages(.all)
        try PageTree(file, meta.free).checkPages(.all)
        try checkFreeList()
        for name in LedgerFormat.contentNames {
            // Frames are only added at the end, and there may be millions of them.
            let extent: PageTree.Extent = name == LedgerFormat.framesName ? .last : .all
            if let tree = try database(name) { try tree.checkPages(extent) }
        }
    }

    /// Checks the list of free pages, which only the writer reads: a wrong entry would make it
    /// write over pages that hold events.
    ///
    /// A record is filed under the commit that freed its pages (8 bytes, this machine's order) and
    /// holds a count and as many page numbers, falling.
    func checkFreeList() throws(Corruption) {
        var cursor = PageCursor(PageTree(file, meta.free))
        guard try cursor.seekFirst() else { return }
        var before: UInt64 = 0
        repeat {
            let leaf = cursor.leaf
            let key = try cursor.key()
            guard key.byteCount == 8, key.word(at: 0) > before, key.word(at: 0) <= meta.commit
            else { throw .page(leaf, .order) }
            before = key.word(at: 0)
            try checkFreePages(cursor.value(), leaf: leaf)
        } while try cursor.advance()
    }

    private func checkFreePages(_ list: RawSpan, leaf: UInt64) throws(Corruption) {
        guard list.byteCount >= 8, list.byteCount % 8 == 0 else { throw .page(leaf, .node) }
        // liblmdb may keep room behind the pages that it counts.
        let count = list.word(at: 0)
        guard count <= UInt64(list.byteCount / 8 - 1) else { throw .page(leaf, .node) }
        var after = meta.lastPage + 1
        for index in 0..<Int(count) {
            let page = list.word(at: 8 + 8 * index)
            guard (2..<after).contains(page) else { throw .page(leaf, .order) }
            after = page
        }
    }
}
