import Delivery
import Glibc
import Ledger
import Projections
import TrunkEvents

/// Tries until everything is delivered, and records what came of it.
struct DeliveryRun {
    let ledger: String
    /// What the log calls the destination.
    let name: String
    let patience: DeliveryPatience
    var listing: Listing<DeliveredBatch>
    private var random = SystemRandomNumberGenerator()

    /// Longer causes are cut: a fact in the log, not a transcript.
    private static let causeBytesMax = 400

    init(
        ledger: String, name: String, patience: DeliveryPatience,
        listing: Listing<DeliveredBatch>
    ) {
        self.ledger = ledger
        self.name = name
        self.patience = patience
        self.listing = listing
    }

    /// - Returns: the event up to which the log was read.
    mutating func untilDone(
        _ delivery: inout Delivery, _ open: () throws -> BatchSource
    ) throws -> Position {
        var failures = 0
        var since = Self.monotonicNow
        while true {
            let source = try open()
            do {
                try delivery.run(source) { batch in
                    try arrived(batch, tries: failures + 1)
                    failures = 0
                }
                return source.head.position
            } catch let error as DeliveryError {
                if failures == 0 { since = Self.monotonicNow }
                failures += 1
                let isNews = try record(error, source)
                let elapsed = since.duration(to: Self.monotonicNow)
                guard
                    let pause = patience.pause(
                        after: error, failures: failures, elapsed: elapsed, using: &random)
                else { throw CommandFailure(.inputOutput, "\(name): \(error)") }
                if isNews { StandardError.line("\(name): \(error); trying again") }
                Self.sleep(pause)
            }
        }
    }

    mutating func showSoFar() { listing.showSoFar() }

    mutating func finish() { listing.finish(empty: "every batch is there already") }

    private mutating func arrived(_ batch: ClosedBatch, tries: Int) throws {
        let fact = ExportDelivered(
            sequence: batch.fact.sequence, destination: Octets(name),
            rowCount: batch.fact.rowCount, attempts: UInt32(clamping: tries))
        try FactRecording(ledger: ledger).record(.exportDelivered(fact))
        listing.add(DeliveredBatch(destination: name, fact: batch.fact, tries: tries))
    }

    /// Once per cause: a destination that is down for a day makes one fact.
    ///
    /// - Returns: whether it was not in the log yet.
    private func record(_ error: DeliveryError, _ source: BatchSource) throws -> Bool {
        let state = source.state(of: name)
        let fact = ExportFailed(
            sequence: state.delivered + 1, destination: Octets(name),
            cause: Octets(Array("\(error)".utf8.prefix(Self.causeBytesMax))))
        guard state.failing != fact else { return false }
        try FactRecording(ledger: ledger).record(.exportFailed(fact))
        return true
    }

    private static var monotonicNow: MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(
            nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    private static func sleep(_ span: Nanoseconds) {
        var rest = timespec(
            tv_sec: Int(span.count / 1_000_000_000), tv_nsec: Int(span.count % 1_000_000_000))
        var left = timespec()
        while nanosleep(&rest, &left) != 0, errno == EINTR { rest = left }
    }
}

/// A batch that arrived, as the command lists it.
struct DeliveredBatch {
    var destination: String
    var fact: ExportClosed
    var tries: Int

    static let columns: [ListingColumn<DeliveredBatch>] = [
        ListingColumn("sequence", "BATCH", .right, value: { .unsigned($0.fact.sequence) }),
        ListingColumn("count", "RECORDS", .right, value: { OutputValue(count: $0.fact.rowCount) }),
        ListingColumn("attempts", "TRIES", .right, value: { .unsigned(UInt64($0.tries)) }),
        ListingColumn("destination", "DESTINATION", value: { .text($0.destination) }),
    ]
}
