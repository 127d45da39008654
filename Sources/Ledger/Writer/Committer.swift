internal import Glibc

/// Makes batches durable, on a thread of its own: an fsync never blocks a caller.
///
///     waiting --(batches)--> committing --> waiting        one frame holds all that had queued
///     waiting --(a meta page is due)--> flushing --> waiting
///     committing --(meta page failed)--> reopening --> waiting
///                                            \-- failed --> tried again with the next batch
final class Committer: @unchecked Sendable {  // only its own thread runs it; `head` has a lock
    private let directory: LedgerDirectory
    private let lease: EnvironmentLease
    private let headFile: HeadFile
    private let mailbox: Mailbox
    private let bootID: BootID
    private var reserve: ReserveFile
    private var sequence: UInt64 = 0
    private var mustReopen = false
    private var metaFlush: MetaFlush
    /// `nil` after a frame failed: it then knows batches that were not recorded.
    private var admission: Admission?
    private let lastAnswered: Gated<LedgerHead>
    private let lastWritten: Gated<LedgerHead>

    init(
        _ opened: OpenedLedger, mailbox: Mailbox, reserve: ReserveFile, durability: Durability
    ) {
        directory = opened.directory
        lease = opened.lease
        headFile = opened.headFile
        bootID = opened.bootID
        admission = opened.admission
        metaFlush = MetaFlush(durability)
        lastAnswered = Gated(opened.head)
        lastWritten = Gated(opened.head)
        self.mailbox = mailbox
        self.reserve = reserve
    }

    /// The last head whose batches were answered; from any thread.
    var head: LedgerHead { lastAnswered.withLock { $0 } }

    /// The head that the frame on its way to the disk makes, if it gets there; from any thread.
    var headAhead: LedgerHead { lastWritten.withLock { $0 } }

    /// Commits until the mailbox is closed and drained.
    func run() {
        var inbox = Mailbox.Delivery()
        while true {
            switch mailbox.take(into: &inbox, until: metaFlush.due) {
            case .delivered:
                work(through: inbox)
                inbox.removeAll()
                // Not when a commit followed, which took the meta page along.
                if metaFlush.isOverdue(now: monotonicNanoseconds()) { _ = flushMeta() }
            case .late:
                _ = flushMeta()
            case .closedAndDrained:
                _ = flushMeta()
                return
            }
        }
    }

    private func work(through inbox: Mailbox.Delivery) {
        var rest = inbox.submissions[...]
        while !rest.isEmpty {
            let frame = rest.prefixForOneFrame
            commit(frame)
            rest = rest.dropFirst(frame.count)
        }
        for job in inbox.jobs {
            switch job {
            case .transaction(let job): run(job)
            case .exchange(let job): run(job)
            }
        }
    }

    /// Gets the newest commit's meta page to the disk, where it may not be there yet. What fails
    /// is tried again when it is due again, and before the next commit.
    private func flushMeta() -> LedgerError? {
        guard metaFlush.due != nil else { return nil }
        do throws(LedgerError) {
            if mustReopen, let error = reopen() { throw error }
            if metaFlush.isDoubtful {
                try DataFile.rewriteMeta(in: directory.log)
            } else {
                try lease.environment.flush()
            }
            metaFlush.flushed()
            headFile.announce(head)
            return nil
        } catch {
            metaFlush.failed(now: monotonicNanoseconds())
            return error
        }
    }

    private func commit(_ submissions: ArraySlice<Submission>) {
        guard reserve.isWhole(now: monotonicNanoseconds()) else {
            fail(submissions.filter { !$0.reserve }, .diskFull(directory.path))
            return commitReserved(submissions.filter(\.reserve)[...])
        }
        switch attempt(submissions) {
        case .success(let frame):
            finish(frame)
        case .failure(let error) where error.code == .diskFull:
            fail(submissions.filter { !$0.reserve }, error)
            let reserved = submissions.filter(\.reserve)
            guard !reserved.isEmpty else { return }
            _ = reserve.release(now: monotonicNanoseconds())
            commitReserved(reserved[...])
        case .failure(let error):
            fail(Array(submissions), error)
        }
    }

    /// With the reserve given up, or none to give.
    private func commitReserved(_ submissions: ArraySlice<Submission>) {
        guard !submissions.isEmpty else { return }
        switch attempt(submissions) {
        case .success(let frame): finish(frame)
        case .failure(let error): fail(Array(submissions), error)
        }
    }

    /// What a frame's batches are answered, once it is durable.
    private struct Frame {
        var admitted: [Submission] = []
        /// Answered only then too: they may repeat what the frame records.
        var refused: [(submission: Submission, outcome: AppendOutcome)] = []
        var head: LedgerHead
    }

    private func attempt(_ submissions: ArraySlice<Submission>) -> Result<Frame, LedgerError> {
        if mustReopen, let error = reopen() { return .failure(error) }
        if metaFlush.isDoubtful, let error = flushMeta() { return .failure(error) }
        do throws(LedgerError) {
            var frame = try admit(submissions)
            if !frame.admitted.isEmpty { frame.head = try write(frame.admitted[...]) }
            return .success(frame)
        } catch {
            // What it admitted was not recorded.
            admission = nil
            return .failure(error)
        }
    }

    private func admit(_ submissions: ArraySlice<Submission>) throws(LedgerError) -> Frame {
        var admission = try takeAdmission()
        try admission.prepare(for: submissions, lease.environment)
        var frame = Frame(head: head)
        frame.admitted.reserveCapacity(submissions.count)
        var first = head.position.next
        for submission in submissions {
            if let outcome = try admission.refusal(of: submission, at: first, lease.environment) {
                frame.refused.append((submission, outcome))
            } else {
                frame.admitted.append(submission)
                first = Position(rawValue: first.rawValue + UInt64(submission.batch.count))
            }
        }
        self.admission = admission
        return frame
    }

    /// Makes it anew where a frame failed: it knows which producers are not summed up yet.
    private func renewAdmission() -> LedgerError? {
        do throws(LedgerError) {
            admission = try takeAdmission()
            return nil
        } catch {
            return error
        }
    }

    /// Takes it out, so that its tables are not copied when they change.
    private func takeAdmission() throws(LedgerError) -> Admission {
        if let admission = admission.take() { return admission }
        return try lease.environment.withSnapshot { snapshot throws(LedgerError) in
            do throws(Corruption) {
                return try Admission(snapshot)
            } catch {
                throw .corrupt(.zero, error, in: directory.path)
            }
        }
    }

    /// Writes one frame of `submissions`; answers the head that it makes.
    private func write(_ submissions: ArraySlice<Submission>) throws(LedgerError) -> LedgerHead {
        let head = head
        let encoder = FrameEncoder(
            submissions,
            at: FrameEncoder.Place(
                first: head.position.next, previousLink: head.link, bootID: bootID,
                producerSequence: sequence + 1))
        let ahead = LedgerHead(ledger: head.ledger, position: encoder.last, link: encoder.link)
        lastWritten.withLock { $0 = ahead }
        let due = admission?.producers.isDue(at: encoder.last) == true ? admission : nil
        do throws(DatabaseError) {
            try lease.environment.write(metaFlush.ofCommits) { transaction throws(DatabaseError) in
                let frames = try transaction.open(LedgerFormat.framesName)
                try transaction.reserve(
                    FrameLayout.key(encoder.place.first), byteCount: encoder.frameBytes, .atEnd,
                    in: frames
                ) { encoder.encode(submissions, into: &$0) }
                try due?.producers.save(through: encoder.last, in: transaction)
            }
        } catch {
            throw explain(error, writing: encoder.frameBytes)
        }
        metaFlush.committed(now: monotonicNanoseconds())
        if due != nil { admission?.saved(through: encoder.last) }
        sequence += 1
        return ahead
    }

    /// Jobs can wait for room on the disk, and leave what is kept back to the reserve appends.
    private func run(_ job: TransactionJob) {
        guard reserve.isWhole(now: monotonicNanoseconds()) else {
            return job.completion(.diskFull(directory.path))
        }
        if mustReopen, let error = reopen() { return job.completion(error) }
        if metaFlush.isDoubtful, let error = flushMeta() { return job.completion(error) }
        if let error = renewAdmission() { return job.completion(error) }
        do throws(DatabaseError) {
            // A job may take frames away, and what they tell of producers with them.
            let unsaved = admission?.producers.isUnsaved == true ? admission : nil
            let through = head.position
            try lease.environment.write(metaFlush.ofCommits) { transaction throws(DatabaseError) in
                try job.body(transaction)
                try unsaved?.producers.save(through: through, in: transaction)
            }
            if unsaved != nil { admission?.saved(through: through) }
            metaFlush.committed(now: monotonicNanoseconds())
            job.completion(flushMeta() == nil ? nil : .outcomeUnknown(directory.path))
        } catch {
            job.completion(explain(error, writing: job.byteCount))
            if mustReopen { _ = reopen() }
        }
    }

    private func run(_ job: ExchangeJob) {
        if mustReopen, let error = reopen() { return job.completion(error) }
        if let error = flushMeta() { return job.completion(error) }
        do throws(LedgerError) {
            try job.body()
        } catch {
            return job.completion(error)
        }
        // Nothing is committed before the new file is open, and its name durable: what was
        // appended to the old one would be lost with it.
        mustReopen = true
        job.completion(reopen())
    }

    /// What a refused commit means. Only a failed meta page leaves the outcome open: liblmdb then
    /// answers MDB_PANIC to whatever comes next. Anything before it was undone.
    private func explain(_ error: DatabaseError, writing byteCount: Int) -> LedgerError {
        metaFlush.failed(now: monotonicNanoseconds())
        if error.isFatal || lease.environment.hasFatalError {
            mustReopen = true
            return .outcomeUnknown(directory.path)
        }
        return error.ledgerError(at: directory.path, writing: byteCount)
    }

    /// Starts over from what the disk really holds. The waiters whose outcome is unknown have
    /// been told before, so that no reader waits for them while this waits for readers.
    private func reopen() -> LedgerError? {
        do throws(LedgerError) {
            try lease.environment.reopen()
            try lease.environment.settle()
            // Where the log was exchanged, under the name that a power cut must not take back.
            try LedgerDirectory.sync(directory.path)
            let ledger = head.ledger
            let found = try lease.environment.withSnapshot { snapshot throws(LedgerError) in
                do throws(Corruption) {
                    try snapshot.checkLastFrame()
                    return try snapshot.head(of: ledger)
                } catch {
                    throw .corrupt(.zero, error, in: directory.path)
                }
            }
            if found != head { sequence += 1 }
            admission = nil
            lastAnswered.withLock { $0 = found }
            lastWritten.withLock { $0 = found }
            if !metaFlush.isDoubtful { headFile.announce(found) }
            mustReopen = false
            return nil
        } catch {
            return error
        }
    }

    private func finish(_ frame: Frame) {
        let before = head
        if !frame.admitted.isEmpty {
            lastAnswered.withLock { $0 = frame.head }
            // Followers are woken in any case; what `head` remembers is on the disk.
            headFile.announce(metaFlush.due == nil ? frame.head : before)
        }
        var first = before.position.next
        for submission in frame.admitted {
            let last = Position(rawValue: first.rawValue + UInt64(submission.batch.count) - 1)
            submission.completion(.success(.appended(AppendReceipt(first: first, last: last))))
            first = last.next
        }
        for refused in frame.refused { refused.submission.completion(.success(refused.outcome)) }
    }

    private func fail(_ submissions: [Submission], _ error: LedgerError) {
        for submission in submissions { submission.completion(.failure(error)) }
        // At once, and not with the next batch: readers should see what is really there.
        if mustReopen { _ = reopen() }
    }
}

extension ArraySlice<Submission> {
    /// The most from the front that one frame may hold; at least one, which fits by itself.
    fileprivate var prefixForOneFrame: ArraySlice<Submission> {
        var events = 0
        var bytes = 0
        let fitting = prefix { submission in
            events += submission.batch.count
            bytes += submission.batch.byteCount
            return events <= LedgerLimits.frameEventsMax && bytes <= LedgerLimits.frameBytesMax
        }
        precondition(!fitting.isEmpty, "a batch over the limits is refused when appended")
        return fitting
    }
}
