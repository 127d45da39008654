import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct TimerWheelTests {
    private func at(_ milliseconds: UInt64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: milliseconds * 1_000_000)
    }

    @Test func firesNeverEarlyAndAtMostOneTickLate() {
        var wheel = TimerWheel<Int>()
        _ = wheel.insert(1, at: at(501))
        #expect(wheel.nextDeadline.map { $0 <= at(510) } == true)
        #expect(wheel.popExpired(at: at(500)) == nil)
        #expect(wheel.popExpired(at: at(510)) == 1)
        #expect(wheel.nextDeadline == nil)
    }

    @Test func sameTickKeepsItsOrder() {
        var wheel = TimerWheel<Int>()
        for value in 0..<5 { _ = wheel.insert(value, at: at(20)) }
        var fired: [Int] = []
        while let value = wheel.popExpired(at: at(20)) { fired.append(value) }
        #expect(fired == [0, 1, 2, 3, 4])
    }

    @Test func anOldIDStopsNoNewTimer() {
        var wheel = TimerWheel<Int>()
        let old = wheel.insert(1, at: at(10))
        #expect(wheel.cancel(old) == true)
        let new = wheel.insert(2, at: at(10))
        #expect(wheel.cancel(old) == false)
        #expect(wheel.popExpired(at: at(10)) == 2)
        #expect(wheel.cancel(new) == false)
    }

    @Test func aDeadlineInThePastFiresAtOnce() {
        var wheel = TimerWheel<Int>()
        #expect(wheel.popExpired(at: at(5_000)) == nil)
        _ = wheel.insert(1, at: at(10))
        #expect(wheel.popExpired(at: at(5_000)) == 1)
    }

    @Test func theFarthestInstantHasAPlace() {
        var wheel = TimerWheel<Int>()
        _ = wheel.insert(1, at: MonotonicInstant(nanoseconds: .max))
        #expect(wheel.popExpired(at: at(1_000_000)) == nil)
        #expect(wheel.popExpired(at: MonotonicInstant(nanoseconds: .max)) == nil)
        #expect(wheel.count == 1)
    }

    /// Against a list that is searched from end to end.
    @Test func agreesWithANaiveModel() {
        var random = Seed(for: "TimerWheel").generator()
        var wheel = TimerWheel<Int>()
        var model: [Int: (due: UInt64, id: TimerID)] = [:]
        var now: UInt64 = .random(in: 0..<1_000_000, using: &random)
        for step in 0..<20_000 {
            let choice = UInt8.random(in: 0..<10, using: &random)
            if choice < 5 {
                let span = UInt64(1) << UInt64.random(in: 0..<24, using: &random)
                let due = now + UInt64.random(in: 0..<span, using: &random)
                model[step] = (due, wheel.insert(step, at: at(due)))
            } else if choice < 7, let key = model.keys.sorted().randomElement(using: &random) {
                let isStopped = model[key].map { wheel.cancel($0.id) }
                #expect(isStopped == true)
                model[key] = nil
            } else {
                let span = UInt64(1) << UInt64.random(in: 0..<18, using: &random)
                now += UInt64.random(in: 0..<span, using: &random)
                var fired: Set<Int> = []
                while let key = wheel.popExpired(at: at(now)) { fired.insert(key) }
                let due = model.filter { ($0.value.due + 9) / 10 <= now / 10 }
                #expect(fired == Set(due.keys))
                for key in fired { model[key] = nil }
            }
            #expect(wheel.count == model.count)
            checkDeadline(wheel, model.values.map(\.due).min())
        }
    }

    private func checkDeadline(_ wheel: TimerWheel<Int>, _ earliest: UInt64?) {
        guard let earliest else {
            #expect(wheel.nextDeadline == nil)
            return
        }
        #expect(wheel.nextDeadline.map { $0 <= at((earliest + 9) / 10 * 10) } == true)
    }

    /// A driver that sleeps until `nextDeadline` wakes a few times per timer at most.
    @Test func sleepingUntilTheDeadlineReachesEachTimer() {
        var wheel = TimerWheel<Int>()
        _ = wheel.insert(1, at: at(123_456_780))
        var wakes = 0
        while let deadline = wheel.nextDeadline {
            _ = wheel.popExpired(at: deadline)
            wakes += 1
        }
        #expect(wakes <= 7)
    }
}
