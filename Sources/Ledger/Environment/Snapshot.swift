/// The log as one commit left it: valid while the read transaction that pins it lives.
struct Snapshot: ~Escapable {
    let file: PageFile
    let meta: MetaPage

    @_lifetime(copy file)
    init(_ file: PageFile, _ meta: MetaPage) {
        self.file = file
        self.meta = meta
    }

    /// The unnamed database: it names the others, or holds a ``StateStore``'s values.
    var main: PageTree {
        @_lifetime(copy self) get { PageTree(file, meta.main) }
    }

    /// The named database, or `nil` when it was never made.
    @_lifetime(copy self)
    func database(_ name: String) throws(Corruption) -> PageTree? {
        try main.tree(named: name)
    }
}
