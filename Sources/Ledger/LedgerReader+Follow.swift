internal import Glibc

extension LedgerReader {
    /// Calls `body` with every event from `from` on, and then with each new one as soon as it is
    /// durable, until `stop` answers true or `body` says so.
    public func follow(
        from: Position, until stop: () -> Bool,
        _ body: (borrowing EventView) throws -> ReadStep
    ) throws {
        try follow(EventQuery(from: from), until: stop, body)
    }

    /// Calls `body` with every event that `query`, which goes forwards, asks for, and then with
    /// each new one as soon as it is durable, until `stop` answers true, `body` says so, or the
    /// query's last position is reached.
    ///
    /// `stop` is asked after every chunk and at least every 200 ms. Throws what `body` throws, and
    /// ``LedgerError``. Do not wait for an append inside `body`.
    public func follow(
        _ query: EventQuery, until stop: () -> Bool,
        _ body: (borrowing EventView) throws -> ReadStep
    ) throws {
        precondition(query.direction == .forwards, "what is to come is followed forwards")
        var scan = EventScan(query, end: Position(rawValue: .max), memory)
        var file: HeadFile?
        while !stop() {
            if file == nil { file = try HeadFile(following: directory.head) }
            // Counted before reading: a commit after this line ends the wait below at once.
            let seen = file?.changeCount ?? 0
            switch try readChunk(&scan, body) {
            case .finished: return
            case .more: continue
            case .caughtUp: break
            }
            // The copy may hold what came after the exchange, before the count.
            if try goAlong() { continue }
            if stop() { return }
            if let file {
                file.wait(changedFrom: seen)
            } else {
                // Nobody has written with this version yet, so nobody would wake us.
                usleep(UInt32(LedgerLimits.followWaitNanoseconds / 1_000))
            }
        }
    }
}
