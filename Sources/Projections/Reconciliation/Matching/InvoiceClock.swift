/// What the stamps of an invoice mean, day by day of the carrier's own calendar.
struct InvoiceClock: Sendable {
    struct Day: Hashable, Sendable {
        /// How far the stamps are ahead of our clock, in milliseconds.
        var offset: Int64
        /// That of a neighbouring day, where clocks were changed on this one.
        var other: Int64?
        /// Lines whose difference to a call of theirs is this offset; 0 where the day could not
        /// tell and took its neighbour's.
        var votes: Int
    }

    var basis = TimeBasis.answer
    /// The stamps are of whole minutes, the seconds dropped.
    var isWholeMinute = false
    var days: [Int64: Day] = [:]
    /// Of days that nothing is known of.
    var fallback: Int64 = 0

    /// A stamp stands for so many milliseconds from it on.
    var precision: Int64 { isWholeMinute ? 60_000 : 1_000 }

    func day(ofStamp stamp: Int64) -> Day {
        days[CivilDay.number(ofMilliseconds: stamp)]
            ?? Day(offset: fallback, other: nil, votes: 0)
    }

    /// On our clock.
    func instant(ofStamp stamp: Int64) -> Int64 { stamp - day(ofStamp: stamp).offset }

    /// Of days that could tell, without their zone.
    var aheadByDay: [Int64: Int64] {
        days.filter { $0.value.votes > 0 }.mapValues { $0.offset - Self.zone(of: $0.offset) }
    }

    /// Zones differ from UTC by quarters of an hour; the rest is how wrong the clock is.
    static func zone(of offset: Int64) -> Int64 {
        let quarter: Int64 = 900_000
        let half = offset >= 0 ? quarter / 2 : -quarter / 2
        return (offset + half) / quarter * quarter
    }
}

/// Days that follow each other with the same zone and about the same clock.
public struct ClockRun: Hashable, Sendable {
    /// Days since 1970 of the carrier's calendar, both included.
    public var firstDay: Int64
    public var lastDay: Int64
    /// How far their zone is ahead of UTC.
    public var zoneSeconds: Int64
    /// How far their clock is ahead of ours, the median of its days.
    public var aheadMilliseconds: Int64
    public var votes: Int

    public var firstDayText: String { CivilDay.text(firstDay) }
    public var lastDayText: String { CivilDay.text(lastDay) }

    /// Clocks that differ by less go on as one.
    private static let toleranceMilliseconds: Int64 = 5_000

    static func runs(_ clock: InvoiceClock) -> [ClockRun] {
        var runs: [ClockRun] = []
        var ahead: [Int64] = []
        for (day, found) in clock.days.sorted(by: { $0.key < $1.key }) where found.votes > 0 {
            let zone = InvoiceClock.zone(of: found.offset)
            let rest = found.offset - zone
            if let last = runs.last, last.zoneSeconds == zone / 1_000,
                abs(last.aheadMilliseconds - rest) <= toleranceMilliseconds
            {
                ahead.append(rest)
                runs[runs.count - 1].lastDay = day
                runs[runs.count - 1].votes += found.votes
                runs[runs.count - 1].aheadMilliseconds = ahead.sorted()[ahead.count / 2]
            } else {
                ahead = [rest]
                runs.append(
                    ClockRun(
                        firstDay: day, lastDay: day, zoneSeconds: zone / 1_000,
                        aheadMilliseconds: rest, votes: found.votes))
            }
        }
        return runs
    }
}
