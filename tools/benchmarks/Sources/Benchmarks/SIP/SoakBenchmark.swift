import ArgumentParser
import Foundation

/// Whether the agent's memory stays where it is under hours of calls.
struct SoakBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak", abstract: "The agent's memory under a steady load.",
        discussion: """
            Anonymous resident memory is looked at every ten seconds. The first quarter is left \
            aside: by then as much lingers after a call's end as ever will (64*T1, 32 s). What \
            follows is halved; the row compares the medians of the halves.
            """)

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "How long.")
    var minutes = 30

    @Option(help: "Calls a second, each of one second.")
    var rate = 200

    @Option(help: "Where the ledger goes.")
    var directory = FileManager.default.currentDirectoryPath

    private static let lookSeconds = 10

    func run() throws {
        let scratch = URL(fileURLWithPath: "\(directory)/bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        try CallLoad.writeScenarios(to: scratch)
        let loaded = try LoadedElement(AgentElement(scratch: scratch), scratch: scratch)
        defer { loaded.stop() }
        try loaded.startCalls(minutes * 60 * rate, rate: rate, hold: 1_000)
        var looks: [Double] = []
        for _ in 0..<(minutes * 60 / Self.lookSeconds) {
            Thread.sleep(forTimeInterval: Double(Self.lookSeconds))
            looks.append(loaded.tree.anonymousBytes / 1_048_576)
        }
        let counts = try loaded.waitForCalls()
        let steady = looks[(looks.count / 4)...]
        let (first, second) = (
            median(Array(steady.prefix(steady.count / 2))),
            median(Array(steady.suffix(steady.count / 2)))
        )
        let measures = [
            Measure(
                "anonymous memory, second half beside the first", second, unit: "MiB",
                peer: "first half", first, bar: .atMost(1.05))
        ]
        let course = looks.map { String(format: "%.1f", $0) }.joined(separator: " ")
        try Report.print(
            measures,
            context: [
                "\(rate) calls a second for \(minutes) min: \(counts.successful) completed, "
                    + "\(counts.failed) failed",
                "MiB every \(Self.lookSeconds) s: \(course)",
            ], json: options.json)
    }
}
