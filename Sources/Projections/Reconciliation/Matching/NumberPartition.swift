import TrunkEvents

/// The lines and calls of some of the numbers called: as much as is held at once.
struct NumberPartition: Sendable {
    /// Both sorted by their numbers, then by their stamps and answers.
    private(set) var lines: [InvoiceLine] = []
    private(set) var calls: [OwnCall] = []
    /// Of the whole invoice.
    private(set) var summary = InvoiceSummary()
    /// The first and the last stamp of the whole invoice.
    private(set) var stamps: ClosedRange<Int64> = 0...0
    /// That the calls' records name.
    private(set) var nodes: [ShortName?] = []

    init(
        _ file: InputFile, _ template: InvoiceTemplate, number: Int, of count: Int
    ) throws(InputError) {
        var lines: [InvoiceLine] = []
        var first = Int64.max
        var last = Int64.min
        summary = try InvoiceReader.forEachLine(of: file, template) { line in
            first = min(first, line.stamp)
            last = max(last, line.stamp)
            if line.pair.partition(of: count) == number { lines.append(line) }
        }
        stamps = first...last
        self.lines = lines
        sort()
    }

    private mutating func sort() {
        lines.sort { $0.pair != $1.pair ? $0.pair < $1.pair : $0.stamp < $1.stamp }
        calls.sort { $0.pair != $1.pair ? $0.pair < $1.pair : $0.answeredAt < $1.answeredAt }
    }

    /// Takes the calls that lines of this partition may be.
    mutating func takeCalls(
        _ records: ((CDRRow) -> Void) throws -> Void, _ choice: inout OwnCallChoice, number: Int,
        of count: Int
    ) throws {
        var calls: [OwnCall] = []
        let stamps = stamps
        try records { row in
            guard choice.concerns(row, stamps),
                let call = choice.call(row), call.pair.partition(of: count) == number
            else { return }
            calls.append(call)
        }
        if let refusal = choice.refusal { throw refusal }
        self.calls = calls
        sort()
        nodes = choice.nodes
    }

    /// Whether the carrier's file shows other callers than ours had, or none at all.
    var hasForeignCallers: Bool {
        var samePair = 0
        var sameCalled = 0
        var call = 0
        for line in lines {
            while call < calls.count, calls[call].pair < line.pair { call += 1 }
            let near = [call - 1, call].filter { calls.indices.contains($0) }
            if near.contains(where: { calls[$0].pair == line.pair }) { samePair += 1 }
            if near.contains(where: { calls[$0].pair.called == line.pair.called }) {
                sameCalled += 1
            }
        }
        return samePair * 2 < sameCalled
    }

    mutating func forgetCallers() {
        for index in lines.indices { lines[index].pair.calling = .none }
        for index in calls.indices { calls[index].pair.calling = .none }
        sort()
    }
}
