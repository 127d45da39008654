import ArgumentParser
import Foundation
import Ledger
import Projections

/// What people ask of the log: everything folded anew, the channels in use at any instant, and the
/// records of a month.
struct ProjectionsBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projections",
        abstract: "Rebuild of all projections, occupancy at any instant, export of call records.")

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "Where the test files go; the disk to measure.")
    var directory = FileManager.default.currentDirectoryPath

    @Option(help: "How many events of a call centre's traffic are recorded, sealed and folded.")
    var events: Int?

    func run() async throws {
        guard let program = ProcessInfo.processInfo.environment["TRUNKLEDGER"] else {
            throw ValidationError("TRUNKLEDGER names the program to measure; tools/bench sets it")
        }
        let scratch = "\(directory)/bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let count = events ?? (options.quick ? 500_000 : 10_000_000)
        let bench = ProjectionsBench(scratch, program: program, events: count)
        let measures = try await bench.run(
            rounds: options.quick ? 1 : 3, questions: options.quick ? 10 : 100)
        var load = [Double](repeating: 0, count: 3)
        getloadavg(&load, 3)
        let context = [
            String(
                format: "load average %.2f, %d cores", load[0],
                ProcessInfo.processInfo.processorCount),
            "a call centre's traffic of \(count) events"
                + (options.quick ? ", where the bars ask for 10,000,000" : ""),
        ]
        try Report.print(measures, context: context, json: options.json)
    }
}

/// One ledger, and the program that reads it.
struct ProjectionsBench {
    private let scratch: String
    private let program: String
    private let events: Int

    private var ledger: String { scratch + "/ledger" }

    init(_ scratch: String, program: String, events: Int) {
        self.scratch = scratch
        self.program = program
        self.events = events
    }

    func run(rounds: Int, questions: Int) async throws -> [Measure] {
        let (writer, _) = try await RecordedTraffic.record(ledger, events: events)
        _ = try RecordedTraffic.seal(writer, events: events)
        var measures = try rebuild(writer.reader, rounds: rounds)
        let instants = try self.instants(writer.reader)
        // The program takes the writer's lock for an export.
        writer.close()
        measures.append(try occupancy(instants, questions))
        measures += try export()
        return measures
    }

    /// From nothing saved, and once more beside what is saved then.
    private func rebuild(_ reader: LedgerReader, rounds: Int) throws -> [Measure] {
        var fresh: [Double] = []
        var compared: [Double] = []
        for _ in 0..<rounds {
            try? FileManager.default.removeItem(atPath: ledger + "/projections")
            fresh.append(try rebuilt(reader))
            compared.append(try rebuilt(reader))
        }
        return [
            Measure(
                "rebuild of every projection", median(fresh), unit: "events/s",
                atLeast: 4_000_000),
            Measure(
                "rebuild, compared with what was saved", median(compared), unit: "events/s",
                peer: "nothing saved", median(fresh), bar: .none),
        ]
    }

    private func rebuilt(_ reader: LedgerReader) throws -> Double {
        let begin = ContinuousClock.now
        let reports = try LedgerProjections.rebuild(
            ledger: ledger, reader: reader, mode: .owner)
        precondition(reports.allSatisfy(\.isUnchanged), "a fold of the same log: \(reports)")
        return Double(events) / seconds(since: begin)
    }

    private func instants(_ reader: LedgerReader) throws -> ClosedRange<Int64> {
        var first: Int64 = 0
        var last: Int64 = 0
        try reader.read(EventQuery()) {
            first = $0.header.wallTime
            return .stop
        }
        try reader.read(EventQuery(direction: .backwards)) {
            last = $0.header.wallTime
            return .stop
        }
        return first...last
    }

    /// Whole processes, one after the other, at instants all over the log.
    private func occupancy(_ instants: ClosedRange<Int64>, _ questions: Int) throws -> Measure {
        let times = try (0..<questions).map { _ in
            let instant = Date(
                timeIntervalSince1970: Double(Int64.random(in: instants)) / 1e9)
            let text = instant.formatted(.iso8601)
            let begin = ContinuousClock.now
            let asked = try SpawnedProcess(
                program, ["occupancy", "--ledger", ledger, "--at", text, "--format", "json"],
                log: scratch + "/occupancy.json")
            try check(asked.end(), "occupancy --at \(text)")
            return seconds(since: begin) * 1e3
        }
        return Measure(
            "occupancy --at, whole process, p50", median(times), unit: "ms", atMost: 25)
    }

    private func export() throws -> [Measure] {
        let begin = ContinuousClock.now
        let exporting = try SpawnedProcess(
            program, ["cdr", "export", "--ledger", ledger, "--out", scratch + "/cdr"],
            log: scratch + "/export.log")
        var memory = 0.0
        while exporting.isRunning {
            memory = max(memory, exporting.anonymousMebibytes)
            usleep(2_000)
        }
        let time = seconds(since: begin)
        let rows = try exportedRows()
        return [
            Measure("cdr export, \(rows) records", Double(rows) / time, unit: "rows/s",
                atLeast: 300_000),
            Measure(
                "cdr export, memory beyond mapped files", memory, unit: "MiB", atMost: 64),
        ]
    }

    private func exportedRows() throws -> Int {
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch + "/cdr")
        guard let name = names.first(where: { $0.hasSuffix(".manifest.json") }) else {
            throw CleanExit.message("nothing was exported; see \(scratch)/export.log")
        }
        struct Manifest: Decodable { let count: Int }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(scratch)/cdr/\(name)"))
        return try JSONDecoder().decode(Manifest.self, from: bytes).count
    }

    private func check(_ status: Int32?, _ what: String) throws {
        guard status == 0 else { throw CleanExit.message("\(what) failed") }
    }
}
