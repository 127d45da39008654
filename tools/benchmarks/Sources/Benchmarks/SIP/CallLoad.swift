import ArgumentParser
import Foundation

struct LoadResult {
    let completedCalls: Int
    let failedCalls: Int
    let retransmissions: Int
    /// Calls a second that SIPp really placed.
    let placedPerSecond: Double
    let processorSeconds: Double

    var microsecondsPerCall: Double {
        processorSeconds * 1e6 / Double(max(1, completedCalls))
    }

    /// No failed call, and fewer than one retransmission in a thousand calls.
    var isClean: Bool {
        failedCalls == 0 && retransmissions * 1_000 < completedCalls
    }
}

/// An element that runs, and SIPp behind it as the callee.
final class LoadedElement {
    static let callerAddress = "127.0.0.2"
    static let calleeAddress = "127.0.0.4"

    let port: Int
    private let scratch: URL
    private let under: SpawnedProcess
    private let callee: SpawnedProcess
    private var caller: SpawnedProcess?

    /// Starts both and waits until they listen.
    init(_ element: some SIPElement, scratch: URL) throws {
        self.scratch = scratch
        port = Int.random(in: 20_000..<50_000)
        let (program, arguments) = try element.arguments(listen: port, callee: port + 1)
        let log = { (name: String) in scratch.appendingPathComponent(name).path }
        under = try SpawnedProcess(program, arguments, log: log("element.log"))
        callee = try SpawnedProcess(
            "/usr/bin/sipp",
            ["-sf", log("callee.xml"), "-i", Self.calleeAddress, "-p", "\(port + 1)", "-nostdin",
             "-buff_size", "4194304"],
            log: log("callee.log"))
        Thread.sleep(forTimeInterval: 1.5)
        guard under.isRunning, callee.isRunning else {
            stop()
            throw CleanExit.message("\(program) or SIPp did not start; see \(scratch.path)")
        }
    }

    var tree: ProcessTree { ProcessTree(root: under.id) }

    /// Starts SIPp as the caller of so many calls.
    func startCalls(_ calls: Int, rate: Int, hold: Int) throws {
        let log = { (name: String) in self.scratch.appendingPathComponent(name).path }
        caller = try SpawnedProcess(
            "/usr/bin/sipp",
            ["-sf", log("caller.xml"), "-i", Self.callerAddress, "-p", "\(port + 2)",
             "-r", "\(rate)", "-m", "\(calls)", "-l", "100000", "-nostdin", "-d", "\(hold)",
             "-trace_stat", "-stf", log("caller-\(port).csv"), "-fd", "1", "-s", "12125550100",
             "-buff_size", "4194304", "-timeout", "\(calls / rate + 60 + hold / 1_000)s",
             "127.0.0.1:\(port)"],
            log: log("caller.log"))
    }

    func waitForCalls() throws -> SIPpStatistics {
        caller?.wait()
        return try SIPpStatistics(file: scratch.appendingPathComponent("caller-\(port).csv"))
    }

    /// Without a word to anybody, as a crash would.
    func killElement() { under.stop(SIGKILL) }

    func stop() {
        caller?.stop(SIGKILL)
        under.stop(SIGTERM)
        callee.stop(SIGKILL)
    }
}

/// SIPp as caller and callee, one element between them.
struct CallLoad {
    let scratch: URL
    /// Calls a second.
    let rate: Int
    let calls: Int

    static func writeScenarios(to scratch: URL) throws {
        for (name, text) in [("caller.xml", Scenario.caller), ("callee.xml", Scenario.callee)] {
            try text.write(
                to: scratch.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
    }

    func run(through element: some SIPElement) throws -> LoadResult {
        let loaded = try LoadedElement(element, scratch: scratch)
        defer { loaded.stop() }
        let before = loaded.tree.processorSeconds
        try loaded.startCalls(calls, rate: rate, hold: 1_000)
        let counts = try loaded.waitForCalls()
        return LoadResult(
            completedCalls: counts.successful, failedCalls: counts.failed,
            retransmissions: counts.retransmissions, placedPerSecond: counts.placedPerSecond,
            processorSeconds: loaded.tree.processorSeconds - before)
    }

    /// The highest rate of `rates`, which rise, that leaves no call failed and hardly a message
    /// repeated; a rate that fails is tried once more. SIPp must have placed what it was told, but
    /// for a twentieth: it shares the processors.
    static func ceiling(
        of rates: [Int], seconds: Int, through element: some SIPElement, scratch: URL
    ) throws -> Int {
        var highest = 0
        for rate in rates {
            let load = CallLoad(scratch: scratch, rate: rate, calls: rate * seconds)
            guard try load.isCarried(by: element) || load.isCarried(by: element) else { break }
            highest = rate
        }
        return highest
    }

    private func isCarried(by element: some SIPElement) throws -> Bool {
        let result = try run(through: element)
        return result.isClean && result.placedPerSecond * 20 >= Double(rate * 19)
    }
}
