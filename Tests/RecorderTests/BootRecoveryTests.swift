import Ledger
import Projections
import TestSupport
import Testing
import TrunkEvents

@testable import Recorder
@testable import SIPAgent

@Suite struct BootRecoveryTests {
    private let seed = Seed(for: "BootRecoveryTests")

    private func append(
        _ facts: some Collection<RecordedFact>, to writer: LedgerWriter
    ) async throws {
        var rest = facts[...]
        while !rest.isEmpty {
            var batch = EventBatch()
            for fact in rest.prefix(5) {
                var payload: [UInt8] = []
                fact.event.encode(into: &payload)
                batch.append(fact.header, payload: payload)
            }
            _ = try await writer.append(batch)
            rest = rest.dropFirst(5)
        }
    }

    /// Text that tells two states apart: calls by id, since hash tables have no order.
    private func text(_ state: RecoveredState) -> [String] {
        let calls = state.calls.map { "\($0.key): \($0.value)" }.sorted()
        let trunks = state.trunks.map { "\($0.key): \($0.value)" }.sorted()
        let bindings = state.bindings.map { "\($0.key): \($0.value)" }.sorted()
        let end = state.lastFact.map { "\($0)" } ?? "never"
        let rests = state.rests.map { "\($0)" }.sorted()
        return calls + trunks + bindings + rests + [end, "\(state.openCallCount)"]
    }

    /// Wherever the last process saved its projections, and with any facts before and after.
    @Test func savedPlacesLeadToTheStateOfTheWholeLog() async throws {
        var random = seed.generator()
        for _ in 0..<12 {
            let facts = RecordedFact.random(count: 300, using: &random)
            let cut = Int.random(in: 0...facts.count, using: &random)
            try await withTemporaryDirectory { directory in
                let path = directory + "/ledger"
                let options = LedgerOptions(mapBytes: 1 << 26, reserveBytes: 0)
                let writer = try LedgerWriter.open(path, options: options)
                defer { writer.close() }
                try await append(facts[..<cut], to: writer)
                var projections = try LedgerProjections(
                    ledger: path, reader: writer.reader, mode: .owner)
                try projections.save()
                try await append(facts[cut...], to: writer)

                var whole = RecoveredState()
                for fact in facts { whole.apply(fact.event, at: fact.moment) }
                let places = try RecoveryPlaces.saved(ledger: path, reader: writer.reader)
                #expect(places.next.rawValue == UInt64(cut) + 1)
                let recovered = try BootRecovery.read(writer.reader, ledger: path)
                #expect(text(recovered) == text(whole), "cut at \(cut), \(seed)")
            }
        }
    }

    @Test func aLongCallCostsItsOwnFactsOnly() throws {
        var log = [RecordedFact(.callStarted(RecordedFact.started(call: 1)), milliseconds: 0)]
        for call in 2..<200 {
            let second = Int64(call) * 1_000
            let started = Event.callStarted(RecordedFact.started(call: UInt64(call)))
            let ended = Event.callEnded(RecordedFact.ended(call: UInt64(call)))
            log.append(RecordedFact(started, milliseconds: second))
            log.append(RecordedFact(ended, milliseconds: second + 10))
        }
        var places = OpenCallFacts()
        let boot = BootID(high: 7, low: 1)
        for (index, fact) in log.enumerated() {
            let position = Position(rawValue: UInt64(index) + 1)
            try places.apply(
                LogEntry(
                    position: position, moment: fact.moment, boot: boot, event: fact.event))
        }
        // The long call's start; of those that ended in the last four seconds, start and end.
        #expect(places.positions.count == 1 + 2 * 5)
        #expect(places.positions.first == .first)
    }
}
