/// Which line is which call.
///
/// Within the calls of one number, one to one, in this order:
/// 1. lines and answered calls of the same two numbers;
/// 2. the same with a caller that one side does not know;
/// 3. on a day on which clocks were changed, both again with the neighbouring day's offset;
/// 4. what is left and equals another line is a duplicate of it;
/// 5. what is left goes to attempts that nobody answered, by either offset.
struct Pairing: Sendable {
    enum Link: UInt8, Sendable {
        case none
        /// An answered call.
        case answered
        /// Another line that is billed already.
        case duplicate
        /// An attempt that was not answered.
        case unanswered
    }

    /// Signalling and rounding move a stamp by no more, in milliseconds.
    static let slackMilliseconds: Int64 = 15_000
    /// Differences of duration tell calls apart up to here; beyond, one is wrong.
    private static let durationMilliseconds: Int64 = 60_000
    /// Copies of a line may differ by so much in time.
    private static let copyMilliseconds: Int64 = 2_000

    private let lines: [InvoiceLine]
    private let calls: [OwnCall]
    private let clock: InvoiceClock
    private(set) var links: [Link]
    /// Of each line: its call, or the line it is a duplicate of; -1 for none.
    private(set) var partners: [Int32]
    private(set) var isCallTaken: [Bool]

    /// - Parameters:
    ///   - lines: sorted by their numbers, like `calls`.
    init(_ lines: [InvoiceLine], _ calls: [OwnCall], _ clock: InvoiceClock) {
        self.lines = lines
        self.calls = calls
        self.clock = clock
        links = Array(repeating: .none, count: lines.count)
        partners = Array(repeating: -1, count: lines.count)
        isCallTaken = Array(repeating: false, count: calls.count)
        var call = 0
        var start = 0
        while start < lines.count {
            let called = lines[start].pair.called
            var end = start + 1
            while end < lines.count, lines[end].pair.called == called { end += 1 }
            while call < calls.count, calls[call].pair.called.packed < called.packed { call += 1 }
            let first = call
            while call < calls.count, calls[call].pair.called == called { call += 1 }
            pairNumber(start..<end, first..<call)
            start = end
        }
    }

    private mutating func pairNumber(_ lineRange: Range<Int>, _ callRange: Range<Int>) {
        let billed = lineRange.filter { lines[$0].isBilled }
        guard !billed.isEmpty else { return }
        let answered = callRange.filter { calls[$0].isAnswered }
        assign(billed, answered, usesOther: false, sameCaller: true)
        if answered.contains(where: { !isCallTaken[$0] }), billed.contains(where: isFree) {
            assign(billed, answered, usesOther: false, sameCaller: false)
            assign(changed(billed), answered, usesOther: true, sameCaller: true)
            assign(changed(billed), answered, usesOther: true, sameCaller: false)
        }
        guard billed.contains(where: isFree) else { return }
        markDuplicates(billed)
        let unanswered = callRange.filter { !calls[$0].isAnswered }
        assign(billed, unanswered, usesOther: false, sameCaller: false)
        assign(changed(billed), unanswered, usesOther: true, sameCaller: false)
    }

    private func isFree(_ line: Int) -> Bool { links[line] == .none }

    /// Those left on days on which clocks were changed.
    private func changed(_ someLines: [Int]) -> [Int] {
        someLines.filter { isFree($0) && clock.day(ofStamp: lines[$0].stamp).other != nil }
    }

    private struct Moment {
        var instant: Int64
        var line: Int?
        var call: Int?
    }

    /// Splits at gaps that no pair reaches across, so that a number called all day is many small
    /// problems.
    private mutating func assign(
        _ someLines: [Int], _ someCalls: [Int], usesOther: Bool, sameCaller: Bool
    ) {
        if someLines.count == 1, someCalls.count == 1 {
            return solve(
                someLines, someCalls, usesOther: usesOther, sameCaller: sameCaller, reach: 0)
        }
        var moments: [Moment] = []
        var reach: Int64 = Self.slackMilliseconds + clock.precision
        for line in someLines where isFree(line) {
            let instant = lines[line].stamp - offset(line, usesOther)
            moments.append(Moment(instant: instant, line: line))
        }
        for call in someCalls where !isCallTaken[call] {
            moments.append(Moment(instant: start(call), call: call))
            reach = max(reach, Self.slackMilliseconds + end(call) - start(call))
        }
        guard moments.count > 1 else { return }
        moments.sort { $0.instant < $1.instant }
        var first = 0
        for index in 1...moments.count {
            if index < moments.count, moments[index].instant - moments[index - 1].instant <= reach {
                continue
            }
            let part = moments[first..<index]
            solve(
                part.compactMap(\.line), part.compactMap(\.call), usesOther: usesOther,
                sameCaller: sameCaller, reach: reach)
            first = index
        }
    }

    /// - Parameter reach: no pair is farther apart; the calls are sorted by their start.
    private mutating func solve(
        _ someLines: [Int], _ someCalls: [Int], usesOther: Bool, sameCaller: Bool, reach: Int64
    ) {
        let freeLines = someLines.filter(isFree)
        let freeCalls = someCalls.filter { !isCallTaken[$0] }
        guard !freeLines.isEmpty, !freeCalls.isEmpty else { return }
        let pairs = Assignment.pairs(
            rows: freeLines.count, columns: freeCalls.count,
            near: { row in
                let from = lines[freeLines[row]].stamp - offset(freeLines[row], usesOther)
                return within(reach, of: from, freeCalls)
            },
            cost: {
                cost(freeLines[$0], freeCalls[$1], usesOther: usesOther, sameCaller: sameCaller)
            })
        for (row, column) in pairs {
            let call = freeCalls[column]
            links[freeLines[row]] = calls[call].isAnswered ? .answered : .unanswered
            partners[freeLines[row]] = Int32(call)
            isCallTaken[call] = true
        }
    }

    /// Which of the calls, sorted by their start, begin within reach of the instant.
    private func within(_ reach: Int64, of instant: Int64, _ someCalls: [Int]) -> Range<Int> {
        let first = someCalls.partitionPoint { start($0) >= instant - reach }
        return first..<someCalls.partitionPoint { start($0) > instant + reach }
    }

    /// Distance in time counts four times: a call that is billed wrongly still began when it did.
    private func cost(
        _ line: Int, _ call: Int, usesOther: Bool, sameCaller: Bool
    ) -> Int64? {
        let (theirs, ours) = (lines[line], calls[call])
        let (a, b) = (theirs.pair.calling, ours.pair.calling)
        guard a == b || (!sameCaller && (a.isEmpty || b.isEmpty)) else { return nil }
        let from = theirs.stamp - offset(line, usesOther)
        let distance = max(0, max(from - end(call), start(call) - from - clock.precision))
        guard distance <= Self.slackMilliseconds else { return nil }
        let difference = abs(theirs.seconds * 1_000 - ours.talk)
        return distance * 4 + min(difference, Self.durationMilliseconds)
    }

    /// When the carrier may have seen the call begin: for one that nobody answered, any time.
    private func start(_ call: Int) -> Int64 {
        calls[call].isAnswered ? calls[call].moment(clock.basis) : calls[call].seizedAt
    }

    private func end(_ call: Int) -> Int64 {
        calls[call].isAnswered ? calls[call].moment(clock.basis) : calls[call].endedAt
    }

    private func offset(_ line: Int, _ usesOther: Bool) -> Int64 {
        let day = clock.day(ofStamp: lines[line].stamp)
        return usesOther ? day.other ?? day.offset : day.offset
    }

    private mutating func markDuplicates(_ billed: [Int]) {
        let order = billed.sorted { a, b in
            let (x, y) = (lines[a], lines[b])
            return (x.pair.calling.packed, x.seconds, x.stamp, x.number)
                < (y.pair.calling.packed, y.seconds, y.stamp, y.number)
        }
        var start = 0
        for index in 1...order.count {
            if index < order.count, isCopy(order[index], of: order[index - 1]) { continue }
            markCopies(order[start..<index])
            start = index
        }
    }

    private func isCopy(_ line: Int, of other: Int) -> Bool {
        let (x, y) = (lines[other], lines[line])
        return x.pair.calling == y.pair.calling && x.seconds == y.seconds
            && y.stamp - x.stamp <= Self.copyMilliseconds
    }

    /// Equal lines: the first of them keep the calls, the later ones are the copies.
    private mutating func markCopies(_ run: ArraySlice<Int>) {
        guard run.count > 1, let first = run.first, run.contains(where: isFree) else { return }
        let calls = run.filter { !isFree($0) }.map { partners[$0] }
        for (offset, line) in run.enumerated() {
            if offset < calls.count {
                links[line] = .answered
                partners[line] = calls[offset]
            } else if line != first {
                links[line] = .duplicate
                partners[line] = Int32(first)
            }
        }
    }
}
