/// Finds how far the carrier's clock is ahead of ours.
///
/// Every line is held against every answered call of its numbers within 15 hours. The true pairs
/// all differ by the offset, the others by anything: on each day the densest stretch of
/// differences, no wider than a stamp is precise, is the offset's.
struct ClockDetection {
    /// The farthest zone is UTC+14.
    static let reachMilliseconds: Int64 = 15 * 3_600_000
    /// Of numbers called more often within reach every line tells little and costs much.
    static let callsOfPairMax = 32
    static let crowdedOfDayMax = 50
    static let linesOfDayMax = 20_000
    /// Delays of signalling spread the differences.
    static let spreadMilliseconds: Int64 = 4_000
    /// So many agreeing lines are no accident.
    static let votesMin = 3
    /// Clocks that were changed differ by at least ten minutes.
    static let changeMilliseconds: Int64 = 600_000

    private struct Vote {
        var day: Int32
        var difference: Int32
    }

    private struct Peak {
        var count = 0
        var median: Int64 = 0
    }

    private var votes: [TimeBasis: [Vote]] = [:]
    private var votersOfDay: [Int64: Int] = [:]
    /// Those among them whose numbers are called all day.
    private var crowdedOfDay: [Int64: Int] = [:]
    private var clock = InvoiceClock()

    /// - Parameters:
    ///   - lines: sorted by their numbers, like `calls`, which are then sorted by their answers.
    ///   - hint: the zone that the carrier names, in milliseconds.
    static func clock(_ lines: [InvoiceLine], _ calls: [OwnCall], hint: Int64?) -> InvoiceClock {
        var detection = ClockDetection()
        let wholeMinutes = lines.reduce(0) { $0 + ($1.isWholeMinute ? 1 : 0) }
        detection.clock.isWholeMinute = wholeMinutes * 100 >= lines.count * 98
        detection.vote(lines, calls)
        detection.chooseBasis()
        detection.decide(hint: hint ?? 0)
        return detection.clock
    }

    private mutating func vote(_ lines: [InvoiceLine], _ calls: [OwnCall]) {
        for basis in TimeBasis.allCases { votes[basis] = [] }
        var pair = 0..<0
        for line in lines where line.isBilled {
            if pair.isEmpty || calls[pair.lowerBound].pair != line.pair {
                var first = pair.upperBound
                while first < calls.count, calls[first].pair < line.pair { first += 1 }
                var end = first
                while end < calls.count, calls[end].pair == line.pair { end += 1 }
                pair = first..<end
            }
            let near = Self.near(line, in: calls[pair])
            let isCrowded = near.count > Self.callsOfPairMax
            if near.isEmpty || !isAsked(line.day, isCrowded: isCrowded) { continue }
            vote(line, near)
        }
    }

    /// Calls of its numbers within reach.
    private static func near(
        _ line: InvoiceLine, in calls: ArraySlice<OwnCall>
    ) -> ArraySlice<OwnCall> {
        // Sorted by the answer, which a stamp of the seizure or the end is not far from.
        let reach = reachMilliseconds + 3_600_000
        let first = calls.partitionPoint { $0.answeredAt >= line.stamp - reach }
        let end = calls.partitionPoint { $0.answeredAt > line.stamp + reach }
        return calls[first..<end]
    }

    /// Whether the line may vote: of numbers called all day a few are enough.
    private mutating func isAsked(_ day: Int64, isCrowded: Bool) -> Bool {
        if isCrowded {
            guard crowdedOfDay[day, default: 0] < Self.crowdedOfDayMax else { return false }
            crowdedOfDay[day, default: 0] += 1
        }
        guard votersOfDay[day, default: 0] < Self.linesOfDayMax else { return false }
        votersOfDay[day, default: 0] += 1
        return true
    }

    private mutating func vote(_ line: InvoiceLine, _ near: ArraySlice<OwnCall>) {
        let day = Int32(clamping: line.day)
        for call in near where call.isAnswered {
            for basis in TimeBasis.allCases {
                let difference = line.stamp - call.moment(basis)
                guard abs(difference) <= Self.reachMilliseconds else { continue }
                votes[basis]?.append(Vote(day: day, difference: Int32(difference)))
            }
        }
    }

    /// The moment of the calls from which the stamps differ most evenly.
    private mutating func chooseBasis() {
        var best = -1
        for basis in TimeBasis.allCases {
            let votes = votes[basis] ?? []
            let step = max(1, votes.count / 100_000)
            let sample = stride(from: 0, to: votes.count, by: step).map { votes[$0].difference }
            // Narrow: true pairs of the wrong basis differ by as much as phones ring.
            let count = peak(sample.sorted(), width: clock.precision + 2_000).count
            if count > best {
                best = count
                clock.basis = basis
            }
        }
    }

    private mutating func decide(hint: Int64) {
        let votes = (votes[clock.basis] ?? []).sorted {
            ($0.day, $0.difference) < ($1.day, $1.difference)
        }
        clock.fallback = fallback(votes.map(\.difference).sorted(), hint: hint)
        var differences: [Int64: ArraySlice<Vote>] = [:]
        var start = 0
        while start < votes.count {
            let day = votes[start].day
            let end = votes[start...].firstIndex { $0.day != day } ?? votes.count
            differences[Int64(day)] = votes[start..<end]
            start = end
        }
        for (day, found) in differences {
            let peak = peak(found.map(\.difference), width: width)
            let voters = votersOfDay[day] ?? 0
            guard peak.count >= Self.votesMin, peak.count * 5 >= voters else { continue }
            clock.days[day] = InvoiceClock.Day(
                offset: offset(peak), other: nil, votes: peak.count)
        }
        fillGaps(Array(differences.keys))
        noteChanges(differences)
    }

    private var width: Int64 { clock.precision + Self.spreadMilliseconds }

    /// Dropped seconds make every difference smaller, by half the precision on the average.
    private func offset(_ peak: Peak) -> Int64 {
        let offset = peak.median + clock.precision / 2
        return (offset + (offset >= 0 ? 500 : -500)) / 1_000 * 1_000
    }

    /// Of all days together. Where few lines agree, only what a clock in some zone would show
    /// counts; else the carrier's word.
    private func fallback(_ sorted: [Int32], hint: Int64) -> Int64 {
        let peak = peak(sorted, width: width)
        guard peak.count > 0 else { return hint }
        let offset = offset(peak)
        if peak.count >= Self.votesMin { return offset }
        let candidates = sorted.map { self.offset(Peak(count: 1, median: Int64($0))) }
        let plausible = candidates.filter { candidate in
            abs(candidate - InvoiceClock.zone(of: candidate)) <= 60_000 + clock.precision
        }
        return plausible.min { abs($0 - hint) < abs($1 - hint) } ?? hint
    }

    /// Days that cannot tell take the nearest day's that can.
    private mutating func fillGaps(_ days: [Int64]) {
        let known = clock.days.filter { $0.value.votes > 0 }
        for day in days where clock.days[day] == nil {
            let nearest = known.min { (abs($0.key - day), $0.key) < (abs($1.key - day), $1.key) }
            clock.days[day] = InvoiceClock.Day(
                offset: nearest?.value.offset ?? clock.fallback, other: nil, votes: 0)
        }
        if let last = known.max(by: { $0.key < $1.key }) { clock.fallback = last.value.offset }
    }

    /// On the day of a change from or to summer time both neighbours' offsets are there.
    private mutating func noteChanges(_ differences: [Int64: ArraySlice<Vote>]) {
        let known = clock.days
        for (day, found) in known {
            let neighbours = [known[day - 1], known[day + 1]].compactMap { $0?.offset }
            let other = neighbours.first { neighbour in
                guard abs(neighbour - found.offset) >= Self.changeMilliseconds else { return false }
                return differences[day]?.contains {
                    abs(offset(Peak(count: 1, median: Int64($0.difference))) - neighbour) <= width
                } ?? false
            }
            clock.days[day]?.other = other
        }
    }

    /// The densest stretch of that width.
    private func peak(_ sorted: [Int32], width: Int64) -> Peak {
        var best = Peak()
        var low = 0
        for high in sorted.indices {
            while Int64(sorted[high]) - Int64(sorted[low]) > width { low += 1 }
            if high - low + 1 > best.count {
                best = Peak(
                    count: high - low + 1, median: Int64(sorted[low + (high - low) / 2]))
            }
        }
        return best
    }
}
