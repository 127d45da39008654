import ArgumentParser

@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools/bench",
        abstract: "Measures TrunkLedger and its peers side by side, in one run.",
        discussion: """
            Figures are medians; a ratio is ours over the peer's. The command says what it \
            measured and exits 0 whatever that is: figures depend on the machine.
            """,
        subcommands: [
            LedgerBenchmark.self, SIPBenchmark.self, ProjectionsBenchmark.self,
            SoakBenchmark.self,
        ])
}

struct BenchmarkOptions: ParsableArguments {
    @Flag(help: "A line of JSON for each measure.")
    var json = false

    @Flag(help: "Fewer rounds: to see that it runs, not to quote from.")
    var quick = false
}
