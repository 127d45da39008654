import ArgumentParser
import Foundation

/// The agent beside Kamailio, under the same SIPp load.
struct SIPBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sip", abstract: "Processor time, delay and memory of calls, beside Kamailio.",
        discussion: """
            Kamailio is a stateful proxy with dialog and acc (a CDR to the log), -x fm -X fm, and \
            keeps nothing durable. SIPp plays caller and callee on loopback and shares the \
            processors with what is measured.
            """)

    enum Row: String, CaseIterable, ExpressibleByArgument {
        case message, processor, residence, ceiling, held
    }

    @OptionGroup var options: BenchmarkOptions

    @Option(parsing: .upToNextOption, help: "What to measure.")
    var rows = Row.allCases

    @Option(parsing: .upToNextOption, help: "Calls a second of the rows on processor time.")
    var rates = [300, 1_000]

    @Option(help: "Seconds of load a run.")
    var seconds: Int?

    @Option(help: "Calls that are held.")
    var held: Int?

    @Option(help: "Where the ledger goes; the disk to measure on.")
    var directory = FileManager.default.currentDirectoryPath

    func run() throws {
        let scratch = URL(fileURLWithPath: "\(directory)/bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        try CallLoad.writeScenarios(to: scratch)
        let bench = SIPRows(
            agent: try AgentElement(scratch: scratch), peer: KamailioElement(scratch: scratch),
            scratch: scratch, seconds: seconds ?? (options.quick ? 5 : 20),
            rounds: options.quick ? 1 : 3)
        var measures: [Measure] = []
        if rows.contains(.message) { measures.append(try bench.message()) }
        if rows.contains(.processor) {
            for rate in rates { measures.append(try bench.processorTime(rate: rate)) }
        }
        if rows.contains(.residence) { measures += try bench.residence(rate: 300) }
        if rows.contains(.ceiling) { measures.append(try bench.ceiling()) }
        if rows.contains(.held) {
            measures += try bench.held(held ?? (options.quick ? 2_000 : 20_000), rate: 200)
        }
        try Report.print(measures, context: [bench.context], json: options.json)
    }
}

/// The rows of the report.
struct SIPRows {
    let agent: AgentElement
    let peer: KamailioElement
    let scratch: URL
    let seconds: Int
    let rounds: Int

    /// How far apart the agent's commits begin under load (`CommitQueue.gatherSpan`).
    private static let gatherMilliseconds = 10.0
    private static let ceilingRates =
        [300, 500, 700] + stride(from: 1_000, through: 10_000, by: 500)

    var context: String {
        "\(rounds) runs of \(seconds) s each, calls of 1 s, UDP on loopback; medians"
    }

    /// How long the agent takes to read and index one message, alone.
    func message() throws -> Measure {
        guard let program = ProcessInfo.processInfo.environment["MESSAGE_WORKLOAD"] else {
            throw CleanExit.message("MESSAGE_WORKLOAD names no binary; start through tools/bench")
        }
        let log = scratch.appendingPathComponent("message.log")
        let spans = try (0..<rounds).map { _ in
            try SpawnedProcess(program, ["1000000"], log: log.path).wait()
            let words = try String(contentsOf: log, encoding: .utf8).split(separator: " ")
            return words.last.flatMap { Double($0.filter(\.isNumber)) } ?? .nan
        }
        return Measure(
            "an INVITE with SDP, read and indexed", median(spans), unit: "ns", atMost: 1_000)
    }

    private func load(_ rate: Int) -> CallLoad {
        CallLoad(scratch: scratch, rate: rate, calls: rate * seconds)
    }

    func processorTime(rate: Int) throws -> Measure {
        var ours: [LoadResult] = []
        var theirs: [LoadResult] = []
        for _ in 0..<rounds {
            theirs.append(try load(rate).run(through: peer))
            ours.append(try load(rate).run(through: agent))
        }
        let failed = (ours + theirs).map(\.failedCalls).reduce(0, +)
        let remark = failed > 0 ? ", \(failed) calls failed" : ""
        return Measure(
            "CPU a completed call at \(rate)/s\(remark)", median(ours.map(\.microsecondsPerCall)),
            unit: "us", peer: peer.name, median(theirs.map(\.microsecondsPerCall)),
            bar: .atMost(1.25))
    }

    /// Beside Kamailio's delay, a durable answer may take a commit and the wait for its batch.
    func residence(rate: Int) throws -> [Measure] {
        let theirs = try load(rate).residence(in: peer)
        let ours = try load(rate).residence(in: agent)
        let commit = try LMDBCommit.milliseconds(in: scratch)
        return [
            Measure(
                "INVITE and 180 in the element at \(rate)/s, p50", ours.median, unit: "ms",
                peer: peer.name, theirs.median, bar: .none),
            Measure(
                "the same, beside Kamailio's + a commit + 10 ms", ours.median, unit: "ms",
                atMost: theirs.median + commit + Self.gatherMilliseconds),
            Measure(
                "the same, p99", ours.percentile99, unit: "ms", peer: peer.name,
                theirs.percentile99, bar: .none),
        ]
    }

    func ceiling() throws -> Measure {
        let highest = { (element: any SIPElement) in
            Double(
                try CallLoad.ceiling(
                    of: Self.ceilingRates, seconds: seconds, through: element, scratch: scratch))
        }
        return Measure(
            "highest clean rate", try highest(agent), unit: "calls/s", peer: peer.name,
            try highest(peer), bar: .atLeast(1))
    }

    func held(_ count: Int, rate: Int) throws -> [Measure] {
        let calls = HeldCalls(scratch: scratch, count: count, rate: rate)
        let theirs = try calls.bytesPerCall(through: peer)
        let ours = try calls.killAndRestart(agent)
        return [
            Measure(
                "anonymous memory a held call, \(count) held", ours.bytes, unit: "B",
                atMost: 4_096),
            Measure(
                "the same beside its peer", ours.bytes, unit: "B", peer: peer.name, theirs,
                bar: .none),
            Measure(
                "killed with \(count) calls, until it answers again", ours.milliseconds,
                unit: "ms", atMost: 2_000),
        ]
    }
}
