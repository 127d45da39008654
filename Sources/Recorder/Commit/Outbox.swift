internal import SIPAgent
internal import TrunkEvents

/// Holds messages back until the facts they depend on are durable (promise 1).
///
/// Facts are counted as they are recorded. A gated message carries the count at its place in the
/// output; it leaves when that many facts are durable, in order, or at its deadline.
///
///     record f1 | send A | record f2 | send B        A waits for 1 fact, B for 2
///
struct Outbox {
    private struct Waiting {
        let message: OutgoingMessage
        let factCount: UInt64
        let deadline: MonotonicInstant
        /// At the deadline it leaves without its commit; otherwise it is dropped.
        let leavesAnyway: Bool
    }

    /// 64*T1: by then the transaction of a message has given up (RFC 3261 section 17), and to send
    /// it would start something that nobody looks after.
    static let staleSpan = Nanoseconds.seconds(32)

    private var waiting: [Waiting] = []
    /// Facts recorded so far.
    private(set) var recordedCount: UInt64 = 0
    /// Of those, how many are durable.
    private(set) var durableCount: UInt64 = 0

    var isEmpty: Bool { waiting.isEmpty }
    var waitingCount: Int { waiting.count }

    /// The earliest moment at which a message stops waiting for its commit.
    var nextDeadline: MonotonicInstant? {
        var earliest: MonotonicInstant?
        // By index: an element would be copied with all its references.
        for index in waiting.indices { earliest = earliest.earlier(waiting[index].deadline) }
        return earliest
    }

    mutating func recorded() {
        recordedCount += 1
    }

    /// `true` when the message may leave now; otherwise it is kept, or dropped as a duplicate.
    mutating func admits(_ message: OutgoingMessage, at now: MonotonicInstant) -> Bool {
        switch message.gate {
        case .open:
            return true
        case .durable:
            return admits(message, now.advanced(by: Self.staleSpan), leavesAnyway: false)
        case .durableWithin(let span):
            return admits(message, now.advanced(by: span), leavesAnyway: true)
        }
    }

    private mutating func admits(
        _ message: OutgoingMessage, _ deadline: MonotonicInstant, leavesAnyway: Bool
    ) -> Bool {
        guard durableCount < recordedCount else { return true }
        waiting.append(
            Waiting(
                message: message, factCount: recordedCount, deadline: deadline,
                leavesAnyway: leavesAnyway))
        return false
    }

    /// A retransmission whose original has not left yet must not overtake the log.
    func holds(_ message: OutgoingMessage) -> Bool {
        place(of: message) != nil
    }

    /// Drops a message that is not wanted any more. `false`: it has left.
    mutating func takeBack(_ message: OutgoingMessage) -> Bool {
        guard let place = place(of: message) else { return false }
        waiting.remove(at: place)
        return true
    }

    private func place(of message: OutgoingMessage) -> Int? {
        waiting.indices.first { index in
            waiting[index].message.remote == message.remote
                && waiting[index].message.bytes == message.bytes
        }
    }

    /// `count` more facts are durable: what waited for them leaves.
    mutating func committed(_ count: Int, send: (OutgoingMessage) -> Void) {
        durableCount += UInt64(count)
        precondition(durableCount <= recordedCount, "a fact became durable before it was recorded")
        let leaving = waiting.indices.first { waiting[$0].factCount > durableCount }
        let count = leaving ?? waiting.count
        do {
            let waiting = waiting
            // Lent, not copied: each message has many references.
            let entries = waiting.span
            for index in 0..<count { send(entries[index].message) }
        }
        waiting.removeFirst(count)
    }

    /// The disk is sick: messages that must not wait longer leave without their commit.
    mutating func expire(at now: MonotonicInstant, send: (OutgoingMessage) -> Void) {
        guard let nextDeadline, nextDeadline <= now else { return }
        for entry in waiting where entry.deadline <= now && entry.leavesAnyway {
            send(entry.message)
        }
        waiting.removeAll { $0.deadline <= now }
    }
}
