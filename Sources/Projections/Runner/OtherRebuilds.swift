import Ledger

/// Every projection besides the call records: together they take about as long as those.
struct OtherRebuilds {
    private var occupancy: Rebuild<OccupancyHistory>
    private var uptime: Rebuild<CarrierUptime>
    private var life: Rebuild<AgentLife>
    private var exports: Rebuild<ExportHistory>
    private var decks: Rebuild<RateDeckHistory>
    private var openCalls: Rebuild<OpenCallFacts>

    init(_ stores: StoreDirectory, _ head: LedgerHead, _ reader: LedgerReader) throws(LedgerError) {
        occupancy = try stores.rebuild(head, reader)
        uptime = try stores.rebuild(head, reader)
        life = try stores.rebuild(head, reader)
        exports = try stores.rebuild(head, reader)
        decks = try stores.rebuild(head, reader)
        openCalls = try stores.rebuild(head, reader)
    }

    mutating func apply(_ stretch: FoldStretch) throws(LedgerError) {
        let entries = stretch.entries.span
        for index in entries.indices {
            // Taken out once for all of them: that costs a reference for each text of the fact.
            let entry = entries[index]
            occupancy.apply(entry)
            uptime.apply(entry)
            life.apply(entry)
            exports.apply(entry)
            decks.apply(entry)
            openCalls.apply(entry)
        }
        if let unreadable = stretch.unreadable { stop(unreadable) }
        try occupancy.flushFullPages()
        try uptime.flushFullPages()
        try exports.flushFullPages()
    }

    private mutating func stop(_ fault: ProjectionFault) {
        occupancy.stop(fault)
        uptime.stop(fault)
        life.stop(fault)
        exports.stop(fault)
        decks.stop(fault)
        openCalls.stop(fault)
    }

    mutating func finish() throws(LedgerError) -> [RebuildReport] {
        [
            try occupancy.finish(), try uptime.finish(), try life.finish(), try exports.finish(),
            try decks.finish(), try openCalls.finish(),
        ]
    }
}
