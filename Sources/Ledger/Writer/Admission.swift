/// Decides which batches of a frame may be recorded, on the committer's thread.
///
/// It knows the log up to the last batch it admitted. When the frame with that batch could not be
/// committed, it is made anew from what the log holds.
struct Admission {
    private(set) var producers: ProducerWindows
    private var revisions = StreamRevisions()

    init(_ snapshot: Snapshot) throws(Corruption) {
        producers = try ProducerWindows(snapshot)
    }

    /// Before the batches of a frame, while the log still ends before the first of them.
    mutating func prepare(
        for submissions: ArraySlice<Submission>, _ environment: SharedEnvironment
    ) throws(LedgerError) {
        guard !revisions.isKept,
            submissions.contains(where: { !$0.conditions.expectations.isEmpty })
        else { return }
        try Self.look(environment) { snapshot throws(Corruption) in
            try revisions.begin(snapshot)
        }
    }

    /// Why the batch is not recorded, or `nil`: then it is taken for recorded at `first`.
    mutating func refusal(
        of submission: Submission, at first: Position, _ environment: SharedEnvironment
    ) throws(LedgerError) -> AppendOutcome? {
        let conditions = submission.conditions
        if let stamp = conditions.stamp {
            switch producers.verdict(on: stamp) {
            case .duplicate(let first): return .duplicate(first: first)
            case .expired: return .expired
            case .fresh where !producers.hasRoom(for: stamp.producer):
                return .refused(.producers)
            case .fresh: break
            }
        }
        if !conditions.expectations.isEmpty,
            let refusal = try unmet(conditions.expectations, environment)
        {
            return refusal
        }
        if let stamp = conditions.stamp { producers.note(stamp, first: first) }
        revisions.note(submission.batch, first: first)
        return nil
    }

    private func unmet(
        _ expectations: [StreamExpectation], _ environment: SharedEnvironment
    ) throws(LedgerError) -> AppendOutcome? {
        try Self.look(environment) { snapshot throws(Corruption) in
            for expected in expectations where expected.revision != .any {
                let actual = try revisions.revision(of: expected.stream, snapshot)
                guard expected.revision.admits(actual) else {
                    return .wrongRevision(expected.stream, actual: actual)
                }
            }
            return nil
        }
    }

    private static func look<Value>(
        _ environment: SharedEnvironment, _ body: (Snapshot) throws(Corruption) -> Value
    ) throws(LedgerError) -> Value {
        try environment.withSnapshot { snapshot throws(LedgerError) in
            do throws(Corruption) {
                return try body(snapshot)
            } catch {
                throw .corrupt(.zero, error, in: environment.directory)
            }
        }
    }

    /// After the producers were summed up in a transaction that was committed.
    mutating func saved(through head: Position) {
        producers.saved(through: head)
    }
}
