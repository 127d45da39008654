internal import Glibc
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
    /// Two connected sockets: what is written to `stopper` wakes the thread, which polls `stopped`.
    private let stopper: Int32
    private let stopped: Int32
    private let thread = Mutex<DedicatedThread?>(nil)

    init(
        ledger path: String, reader: LedgerReader, tell: @escaping @Sendable (String) -> Void
    ) throws(ProjectionError) {
        projections = Mutex(try LedgerProjections(ledger: path, reader: reader, mode: .owner))
        var pair: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let code = socketpair(AF_UNIX, kind, 0, &pair)
        precondition(code == 0, "no descriptors are left for a socket pair")
        (stopper, stopped) = (pair[0], pair[1])
        thread.withLock { $0 = DedicatedThread { [self] in keep(tell) } }
    }

    /// Makes the next batch of CDRs; its `closed` is still to be recorded.
    func export(_ format: ExportFormat, to directory: String) throws -> ExportManifest {
        try projections.withLock { try $0.export(format, to: directory) }
    }

    /// Saves a last time and ends the thread.
    func stop() {
        var byte: UInt8 = 1
        write(stopper, &byte, 1)
        thread.withLock { $0.take() }?.join()
        Glibc.close(stopper)
        Glibc.close(stopped)
    }

    private func keep(_ tell: (String) -> Void) {
        var told: Set<String> = []
        var isStopping = false
        while !isStopping {
            var wait = pollfd(fd: stopped, events: Int16(POLLIN), revents: 0)
            isStopping = poll(&wait, 1, Self.saveSpanMilliseconds) > 0
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
