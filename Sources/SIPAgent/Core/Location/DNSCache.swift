import TrunkEvents

/// What DNS has said, and when to ask again: before an answer is too old, so that nobody waits for
/// one. While the resolver is down its last answers count, however old (RFC 8767): a carrier rarely
/// moves, and a call that goes to its old address is better than none.
///
/// ```
///  waiting(until) --due--> asked(patience until) --answer--> waiting(shortly before its lifetime)
///       ^                        |
///       +---- backoff, failed ---+
/// ```
///
/// It holds the questions that someone wants answered and no others.
struct DNSCache: Sendable {
    /// What is known of a question.
    enum Finding: Hashable, Sendable {
        case known(DNSAnswer)
        /// Nobody has said anything yet.
        case open
        /// The resolver could not say, and never could.
        case failed
    }

    private struct Entry: Sendable {
        var answer: DNSAnswer?
        var failures = 0
        var state: State

        enum State: Sendable {
            case waiting(until: MonotonicInstant)
            case asked(patience: MonotonicInstant)
        }

        var due: MonotonicInstant {
            switch state {
            case .waiting(let until): until
            case .asked(let patience): patience
            }
        }
    }

    private var entries: [DNSQuestion: Entry] = [:]

    /// Whatever the record says: neither a question a second nor a day without one.
    static let lifetimes = Nanoseconds.seconds(5)...Nanoseconds.seconds(3_600)
    /// That something is not there is believed for this long at most: someone may be publishing it.
    static let absenceMax = Nanoseconds.seconds(300)
    /// A resolver says that it failed long before; should it ever forget to, it is asked again.
    static let patience = Nanoseconds.seconds(60)
    static let firstRetry = Nanoseconds.seconds(2)
    static let retryMax = Nanoseconds.seconds(60)

    func finding(of question: DNSQuestion) -> Finding {
        guard let entry = entries[question] else { return .open }
        if let answer = entry.answer { return .known(answer) }
        return entry.failures > 0 ? .failed : .open
    }

    /// The questions that are wanted from here on: new ones are due at once, others are forgotten.
    mutating func want(_ questions: Set<DNSQuestion>, at now: MonotonicInstant) {
        entries = entries.filter { questions.contains($0.key) }
        for question in questions where entries[question] == nil {
            entries[question] = Entry(state: .waiting(until: now))
        }
    }

    /// When `takeDue` has something.
    var deadline: MonotonicInstant? { entries.values.lazy.map(\.due).min() }

    /// The questions to ask now, in a fixed order.
    mutating func takeDue(at now: MonotonicInstant) -> [DNSQuestion] {
        let due = entries.filter { $0.value.due <= now }.keys.sorted()
        for question in due {
            entries[question]?.state = .asked(patience: now.advanced(by: Self.patience))
        }
        return due
    }

    mutating func receive(
        _ reply: DNSReply, to question: DNSQuestion, at now: MonotonicInstant,
        entropy: inout Entropy
    ) {
        guard var entry = entries[question] else { return }
        switch reply {
        case .answered(let answer, let lifetime):
            entry.answer = answer
            entry.failures = 0
            let most = answer == .nothing ? Self.absenceMax : Self.lifetimes.upperBound
            let length = min(max(lifetime, Self.lifetimes.lowerBound), most)
            let latest = Nanoseconds(length.count / 10 * 9)
            let wait = Nanoseconds.drawn(
                in: Nanoseconds(length.count / 10 * 7)...latest, using: &entropy)
            entry.state = .waiting(until: now.advanced(by: wait))
        case .failed:
            entry.failures += 1
            let doublings = Int64(1) << Int64(min(entry.failures - 1, 16))
            let most = min(Self.retryMax, Self.firstRetry * doublings)
            let wait = Nanoseconds.drawn(in: Nanoseconds(most.count / 2)...most, using: &entropy)
            entry.state = .waiting(until: now.advanced(by: wait))
        }
        entries[question] = entry
    }
}

extension DNSQuestion: Comparable {
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.place < rhs.place }

    private var place: (Int, String) {
        switch self {
        case .naptr(let name): (0, name.description)
        case .srv(let name): (1, name.description)
        case .addresses(let name): (2, name.description)
        }
    }
}
