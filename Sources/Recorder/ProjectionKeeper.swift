internal import Ledger
internal import Projections
internal import Synchronization

/// Keeps the saved state of the projections close behind the log, on a thread of its own.
///
/// Others read that state and fold only what came after it, so how often it is saved decides how
/// much they fold, never what they see.
final class ProjectionKeeper: Sendable {
    static let saveSpanMilliseconds: Int32 = 5_000

    private let projections: Mutex<LedgerProjections>
    private let bell: Bell
    private let thread = Mutex<DedicatedThread?>(nil)

    init(
        ledger path: String, reader: LedgerReader, tell: @escaping @Sendable (String) -> Void
    ) throws(RecorderError) {
        do throws(ProjectionError) {
            projections = Mutex(try LedgerProjections(ledger: path, reader: reader, mode: .owner))
        } catch {
            throw .projections(error)
        }
        bell = try Bell()
        thread.withLock { $0 = DedicatedThread(givesWay: true) { [self] in keep(tell) } }
    }

    /// Makes the next batch of CDRs; its `closed` is still to be recorded.
    func export(_ format: ExportFormat, to directory: String) throws -> ExportManifest {
        try projections.withLock { try $0.export(format, to: directory) }
    }

    /// Saves a last time and ends the thread.
    func stop() {
        bell.ring()
        thread.withLock { $0.take() }?.join()
    }

    private func keep(_ tell: (String) -> Void) {
        var told: Set<String> = []
        var isStopping = false
        while !isStopping {
            isStopping = bell.wait(milliseconds: Self.saveSpanMilliseconds)
            for problem in save() where told.insert(problem).inserted { tell(problem) }
            FreedMemory.returnPages()
        }
    }

    private func save() -> [String] {
        projections.withLock { projections in
            do throws(ProjectionError) {
                try projections.save()
                return projections.faults.map { name, fault in
                    "projection \(name) stopped at \(fault)"
                }
            } catch {
                return ["projections are not saved, queries fold more of the log: \(error)"]
            }
        }
    }
}
