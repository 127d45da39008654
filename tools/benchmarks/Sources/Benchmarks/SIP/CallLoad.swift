import ArgumentParser
import Foundation

struct LoadResult {
    let completedCalls: Int
    let failedCalls: Int
    let processorSeconds: Double

    var microsecondsPerCall: Double {
        processorSeconds * 1e6 / Double(max(1, completedCalls))
    }
}

/// SIPp as caller and callee, one element between them.
struct CallLoad {
    let scratch: URL
    let rate: Int
    let calls: Int

    private var callerScenario: URL { scratch.appendingPathComponent("caller.xml") }
    private var calleeScenario: URL { scratch.appendingPathComponent("callee.xml") }

    func writeScenarios() throws {
        try Scenario.caller.write(to: callerScenario, atomically: true, encoding: .utf8)
        try Scenario.callee.write(to: calleeScenario, atomically: true, encoding: .utf8)
    }

    func run(through element: some SIPElement) throws -> LoadResult {
        let base = Int.random(in: 20_000..<50_000)
        let (program, arguments) = try element.arguments(listen: base, callee: base + 1)
        let under = try start(program, arguments, log: "element.log")
        defer { under.stop(SIGTERM) }
        let callee = try start(
            "/usr/bin/sipp",
            ["-sf", calleeScenario.path, "-i", "127.0.0.4", "-p", "\(base + 1)", "-nostdin",
             "-buff_size", "4194304"],
            log: "callee.log")
        defer { callee.stop(SIGTERM) }
        Thread.sleep(forTimeInterval: 1.5)
        guard under.isRunning, callee.isRunning else {
            throw CleanExit.message("\(program) or SIPp did not start; see \(scratch.path)")
        }
        let before = ProcessorTime.seconds(ofTree: under.id)
        let statistics = scratch.appendingPathComponent("caller-\(base).csv")
        let caller = try start(
            "/usr/bin/sipp",
            ["-sf", callerScenario.path, "-i", "127.0.0.2", "-p", "\(base + 2)",
             "-r", "\(rate)", "-m", "\(calls)", "-l", "100000", "-nostdin",
             "-trace_stat", "-stf", statistics.path, "-fd", "1", "-s", "12125550100",
             "-buff_size", "4194304", "-timeout", "\(calls / rate + 60)s",
             "127.0.0.1:\(base)"],
            log: "caller.log")
        caller.wait()
        let after = ProcessorTime.seconds(ofTree: under.id)
        let counts = try SIPpStatistics(file: statistics)
        return LoadResult(
            completedCalls: counts.successful, failedCalls: counts.failed,
            processorSeconds: after - before)
    }

    private func start(
        _ program: String, _ arguments: [String], log: String
    ) throws -> SpawnedProcess {
        try SpawnedProcess(program, arguments, log: scratch.appendingPathComponent(log).path)
    }
}

/// User and system time of a process and its children, from proc(5).
enum ProcessorTime {
    static func seconds(ofTree root: Int32) -> Double {
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let stats = all.compactMap(Int32.init).compactMap(stat)
        var family: Set<Int32> = [root]
        var size = 0
        while family.count != size {
            size = family.count
            family.formUnion(stats.filter { family.contains($0.parent) }.map(\.id))
        }
        return stats.filter { family.contains($0.id) }.map { Double($0.ticks) / ticks }.reduce(0, +)
    }

    private static func stat(_ id: Int32) -> (id: Int32, parent: Int32, ticks: UInt64)? {
        guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let parent = Int32(fields[1]), let user = UInt64(fields[11]),
            let system = UInt64(fields[12])
        else { return nil }
        return (id, parent, user + system)
    }
}

/// The last line of SIPp's statistics file.
struct SIPpStatistics {
    let successful: Int
    let failed: Int

    init(file: URL) throws {
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        guard let names = lines.first?.split(separator: ";", omittingEmptySubsequences: false),
            let last = lines.last?.split(separator: ";", omittingEmptySubsequences: false),
            let success = names.firstIndex(of: "SuccessfulCall(C)"),
            let failure = names.firstIndex(of: "FailedCall(C)"),
            last.indices.contains(max(success, failure)),
            let successful = Int(last[success]), let failed = Int(last[failure])
        else { throw CleanExit.message("SIPp wrote no statistics to \(file.path)") }
        self.successful = successful
        self.failed = failed
    }
}
