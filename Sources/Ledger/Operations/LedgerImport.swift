/// Makes a ledger of an export, line by line: the same events in the same frames of the same
/// chain, and what is remembered of the producers. Checkpoints and keys are not part of an export.
///
/// Until ``finish()`` the directory is no ledger, and after an error there is no log left in it.
/// As a restored ledger it begins a line of its own: see ``Lineage``.
public final class LedgerImport {
    private let path: String
    private let mapBytes: Int
    private var line = 0
    private var parser = ExportParser()
    private var target: Target?
    private var chunk: [StoredFrame] = []
    private var chunkBytes = 0
    private var totals = CopyTotals()
    private var windows = ProducerWindows()

    private struct Target {
        let directory: CopyDirectory
        var head: LedgerHead
    }

    /// Into the directory `path`, which must be missing or empty. `mapBytes` is as in
    /// ``LedgerOptions``.
    public init(to path: String, mapBytes: Int = LedgerLimits.mapBytes) {
        self.path = path
        self.mapBytes = mapBytes
    }

    /// Takes the next line, without its newline. What is wrong with it is thrown as `badImport`,
    /// with its number.
    public func add(_ bytes: [UInt8]) throws(LedgerError) {
        line += 1
        var product: ExportParser.Product?
        do throws(ExportLine.Fault) {
            product = try parser.add(ExportLine(bytes))
        } catch {
            throw .badImport(line: line, error.text)
        }
        switch product {
        case nil: break
        case .opening(let metadata): try open(metadata)
        case .frame(let frame): try add(frame)
        case .end(let windows): self.windows = windows
        }
    }

    private func open(_ metadata: LedgerMetadata) throws(LedgerError) {
        let directory = try CopyDirectory(
            path, for: metadata.with(.unfinished, []), mapBytes: mapBytes)
        let head = try directory.reader.head()
        guard head.position == .zero else {
            throw .foreignDirectory(path, found: "the beginning of a ledger")
        }
        target = Target(directory: directory, head: head)
    }

    private func add(_ frame: StoredFrame) throws(LedgerError) {
        chunk.append(frame)
        chunkBytes += frame.bytes.count
        if chunk.count >= LedgerLimits.chunkFramesMax || chunkBytes >= LedgerLimits.chunkBytesMax {
            try store()
        }
    }

    private func store() throws(LedgerError) {
        guard let last = chunk.last, let reader = target?.directory.reader else { return }
        try reader.append(chunk)
        totals.frames += chunk.count
        totals.bytes += UInt64(chunkBytes)
        chunk.removeAll(keepingCapacity: true)
        chunkBytes = 0
        target?.head = LedgerHead(ledger: reader.ledger, position: last.last, link: last.link)
    }

    /// After the last line: makes the directory a ledger.
    public func finish() throws(LedgerError) -> RestoreReport {
        guard parser.hasEnded else {
            NewEnvironment.clear(LedgerDirectory(path: path).log)
            throw .badImport(line: line + 1, "the export is cut short")
        }
        try store()
        guard let target else { throw .badImport(line: 1, "this is no export of a ledger") }
        let reader = target.directory.reader
        if windows.isUnsaved { try reader.save(windows, through: target.head.position) }
        let descents = [Descent.fresh(behind: target.head)]
        try target.directory.finish(target.head, from: reader, as: .live, descents)
        return RestoreReport(
            head: target.head, lineage: Lineage(ledger: reader.ledger, descents: descents),
            copied: totals)
    }

    /// Takes away what was made so far.
    public func abandon() {
        guard target != nil else { return }
        NewEnvironment.clear(LedgerDirectory(path: path).log)
    }
}

extension LedgerReader {
    /// Puts frames down behind the others of a copy.
    fileprivate func append(_ frames: [StoredFrame]) throws(LedgerError) {
        let byteCount = frames.reduce(0) { $0 + $1.bytes.count }
        try writeCopy(byteCount) { transaction throws(DatabaseError) in
            let database = try transaction.open(LedgerFormat.framesName)
            for frame in frames { try frame.store(in: database, transaction) }
        }
    }

    fileprivate func save(
        _ windows: ProducerWindows, through position: Position
    ) throws(LedgerError) {
        try writeCopy(LedgerLimits.sealingStepBytes) { transaction throws(DatabaseError) in
            try windows.save(through: position, in: transaction)
        }
    }
}
