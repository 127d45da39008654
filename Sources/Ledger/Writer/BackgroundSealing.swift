internal import Glibc

/// Seals what a policy says, on a thread of its own.
///
///     looking --(enough to seal)--> sealing one segment --> looking
///                                        |-- refused --> pausing, longer each time --> looking
///                                        \-- damaged --> ended
final class BackgroundSealing: Sendable {
    private let policy: SealingPolicy
    private let sealer: Sealer
    private let report: @Sendable (SealingNotice) -> Void
    private let stop = StopSignal()

    init(
        _ policy: SealingPolicy, _ sealer: Sealer,
        report: @escaping @Sendable (SealingNotice) -> Void
    ) {
        self.policy = policy
        self.sealer = sealer
        self.report = report
    }

    /// What to do next.
    enum Step: Hashable {
        case look(afterNanoseconds: UInt64)
        case end
    }

    /// Works until it is asked to stop.
    func run() {
        // setpriority(2), C library/kernel differences: on Linux the nice value is a thread's.
        // Refused, it works at the priority it has.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, LedgerLimits.sealingNice)
        var refusals = 0
        var step = Step.look(afterNanoseconds: 0)
        while case .look(let pause) = step, !stop.wait(nanoseconds: pause) {
            step = look(now: wallNanoseconds(), &refusals)
        }
    }

    /// Has the thread end after the step that it is in.
    func askToStop() {
        stop.raise()
    }

    /// Seals one segment, if there is enough for it. `refusals` counts those in a row.
    func look(now: Int64, _ refusals: inout Int) -> Step {
        do throws(LedgerError) {
            guard let limit = try limit(now: now),
                let sealed = try sealer.sealNext(through: limit, unless: { stop.isRaised })
            else { return .look(afterNanoseconds: LedgerLimits.sealingLookNanoseconds) }
            refusals = 0
            report(.sealed(through: sealed))
            return .look(afterNanoseconds: 0)
        } catch {
            switch error.code {
            case .closed: return .end
            case .corrupt:
                report(.ended(error))
                return .end
            default:
                let pause = min(
                    LedgerLimits.sealingPauseNanoseconds << UInt64(min(refusals, 32)),
                    LedgerLimits.sealingPauseNanosecondsMax)
                refusals += 1
                report(.postponed(error, nanoseconds: pause))
                return .look(afterNanoseconds: pause)
            }
        }
    }

    private func limit(now: Int64) throws(LedgerError) -> Position? {
        try sealer.reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            guard let tail = try snapshot.tail() else { return nil }
            let head = try snapshot.head(of: sealer.reader.ledger)
            return policy.limit(tail: tail, head: head.position, now: now)
        }
    }
}

extension Snapshot {
    /// Where the frames begin; `nil` without one.
    fileprivate func tail() throws(Corruption) -> SealingPolicy.Tail? {
        var cursor = PageCursor(try frames())
        guard try cursor.seekFirst() else { return nil }
        let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
        try frame.checkRecords()
        return SealingPolicy.Tail(first: frame.first, wallTime: frame.wallTime(0))
    }
}
