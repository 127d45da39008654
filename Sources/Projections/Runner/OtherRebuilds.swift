import Ledger
import TrunkEvents

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

    mutating func apply(_ stretch: EventStretch) {
        stretch.forEach { event in
            do throws(ProjectionFault) {
                try event.withFact { (fact, stamp) throws(ProjectionFault) in
                    occupancy.apply(fact, at: stamp)
                    uptime.apply(fact, at: stamp)
                    life.apply(fact, at: stamp)
                    openCalls.apply(fact, at: stamp)
                }
            } catch {
                stop(error)
            }
            return .next
        }
        occupancy.flushFullPages()
        uptime.flushFullPages()
        // Most stretches hold nothing for them.
        exports.apply(stretch)
        decks.apply(stretch)
    }

    private mutating func stop(_ fault: ProjectionFault) {
        occupancy.stop(fault)
        uptime.stop(fault)
        life.stop(fault)
        openCalls.stop(fault)
    }

    mutating func end() {
        occupancy.end()
        uptime.end()
        life.end()
        exports.end()
        decks.end()
        openCalls.end()
    }

    func reports() throws(LedgerError) -> [RebuildReport] {
        [
            try occupancy.report(), try uptime.report(), try life.report(), try exports.report(),
            try decks.report(), try openCalls.report(),
        ]
    }
}
