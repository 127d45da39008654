import Ledger
import Testing
import TrunkEvents

@testable import Projections

@Suite struct TrunkOccupancyTests {
    @Test func channelsAreASet() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, channels: 2)
        let first = CallScript(call: callID(1))
        let second = CallScript(call: callID(2))
        log.add(10, first.seized())
        log.add(20, first.seized())
        log.add(30, second.seized())
        log.add(40, CallScript(call: callID(3)).refused(.cap))
        log.add(41, CallScript(call: callID(4)).refused(.cps))
        log.add(42, CallScript(call: callID(5)).refused(.capIn))
        log.add(50, first.released())
        log.add(60, first.released())
        let load = try fold(TrunkOccupancy.self, log.entries).state.trunks[alpha1]
        #expect(load?.inUse == 1 && load?.peak == 2 && load?.peakAt == after(30))
        #expect(load?.seizures == 2 && load?.blocked == 2)
        #expect(load?.refused[.cps] == 1)
    }

    @Test func aCrashReleasesNothing() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha)
        log.add(10, CallScript().seized())
        log.boot(at: 1_000)
        #expect(try fold(TrunkOccupancy.self, log.entries).state.trunks[alpha1]?.inUse == 1)
    }

    @Test func readingsAreSortedAndDropWhatIsRemovedAndEmpty() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        for trunk in [beta1, alpha2, alpha1] { log.configure(trunk, of: alpha) }
        var held = CallScript()
        held.trunk = beta1
        log.add(1, held.seized())
        log.add(2, .trunkRemoved(TrunkRemoved(trunk: beta1)))
        log.add(2, .trunkRemoved(TrunkRemoved(trunk: alpha2)))
        let state = try fold(TrunkOccupancy.self, log.entries).state
        #expect(state.readings(at: start).map(\.trunk) == [alpha1, beta1])
    }
}
