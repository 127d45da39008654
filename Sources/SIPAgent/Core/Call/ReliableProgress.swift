import TrunkEvents

/// Provisional answers of ours that are repeated until the caller's PRACK comes (RFC 3262 section
/// 3). One is out at a time; the next waits until it is acknowledged.
///
/// ```
///  idle --add--> out --PRACK--> the next one goes out, or idle
///                 |  T1, 2*T1, 4*T1 ...: a copy
///                 \--64*T1--> given up: the call is refused
/// ```
struct ReliableProgress: Sendable {
    struct Provisional: Sendable {
        let sequence: UInt32
        let status: StatusCode
        let response: [UInt8]
    }

    /// The one that is out.
    struct Outstanding: Sendable {
        let provisional: Provisional
        fileprivate(set) var nextCopy: MonotonicInstant
        fileprivate var interval: Nanoseconds
        let givesUp: MonotonicInstant

        var deadline: MonotonicInstant { min(nextCopy, givesUp) }
    }

    /// What is due of the one that is out.
    enum Due: Sendable {
        case copy(Provisional)
        case givenUp
    }

    private var lastSequence: UInt32
    private(set) var outstanding: Outstanding?
    private var waiting: [Provisional] = []

    /// More than these wait for nobody.
    private static let waitingMax = 8

    /// - Parameter first: the first RSeq, 1 to 2^31 - 1.
    init(first: UInt32) {
        lastSequence = first - 1
    }

    /// Writes a provisional answer with the RSeq it is given. Answers what is to be sent now; `nil`
    /// where it has to wait, or where too many wait already.
    mutating func add(
        _ status: StatusCode, at now: MonotonicInstant, _ timers: TimerSettings,
        write: (UInt32) -> [UInt8]
    ) -> Provisional? {
        guard waiting.count < Self.waitingMax else { return nil }
        lastSequence += 1
        let provisional = Provisional(
            sequence: lastSequence, status: status, response: write(lastSequence))
        guard outstanding == nil else {
            waiting.append(provisional)
            return nil
        }
        send(provisional, at: now, timers)
        return provisional
    }

    private mutating func send(
        _ provisional: Provisional, at now: MonotonicInstant, _ timers: TimerSettings
    ) {
        outstanding = Outstanding(
            provisional: provisional, nextCopy: now.advanced(by: timers.t1), interval: timers.t1,
            givesUp: now.advanced(by: timers.transactionTimeout))
    }

    /// The PRACK of what is out came. Answers what is to be sent next.
    mutating func acknowledge(
        at now: MonotonicInstant, _ timers: TimerSettings
    ) -> Provisional? {
        outstanding = nil
        guard !waiting.isEmpty else { return nil }
        let next = waiting.removeFirst()
        send(next, at: now, timers)
        return next
    }

    /// Copies follow each other without the limit of T2: a PRACK repeats on its own.
    mutating func advance(to now: MonotonicInstant) -> Due? {
        guard var out = outstanding, out.deadline <= now else { return nil }
        guard now < out.givesUp else {
            stop()
            return .givenUp
        }
        out.interval = out.interval * 2
        out.nextCopy = now.advanced(by: out.interval)
        outstanding = out
        return .copy(out.provisional)
    }

    /// Those that wait are not needed any more: a final answer follows.
    mutating func dropWaiting() { waiting = [] }

    /// The final answer is out: nothing is repeated any more.
    mutating func stop() {
        outstanding = nil
        waiting = []
    }
}
