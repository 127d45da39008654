import TestSupport

/// Numbers whose digits tell the far end what to do (`Scenarios/callee.xml`).
enum NumberPlan: Int {
    case answered = 0
    case hungUpByFarEnd = 1
    case busy = 2
    case silent = 3
    case refusedByFirst = 4
    case answeredAtOnce = 5

    /// `count` calls to numbers that no other plan or `offset` has: +1 212 5K NNNNN.
    func calls(_ count: Int, from offset: Int = 0) -> [PlannedCall] {
        (offset..<(offset + count)).map { index in
            let tail = String(100_000 + index).dropFirst()
            return PlannedCall(number: "+12125\(rawValue)\(tail)", code: "V\(rawValue)\(tail)")
        }
    }
}
