import Glibc

/// A running `trunkledger agent` and what the command line says of its ledger.
public final class Agent: Sendable {
    public let scope: ProcessScope
    public let child: ChildProcess
    public let ledger: String
    public let configurationPath: String
    /// Where it takes SIP.
    public let listen: Peer

    init(
        scope: ProcessScope, child: ChildProcess, ledger: String, configurationPath: String,
        listen: Peer
    ) {
        self.scope = scope
        self.listen = listen
        self.child = child
        self.ledger = ledger
        self.configurationPath = configurationPath
    }

    /// The same ledger and configuration again, after this agent has ended.
    public func restarted() async throws -> Agent {
        precondition(!child.isRunning, "the agent still runs")
        return try await scope.startAgent(
            ledger: ledger, configurationPath: configurationPath, listen: listen)
    }

    /// SIGTERM: the agent hangs up, unregisters and exits.
    @discardableResult
    public func stop(within limit: Duration = .seconds(40)) async throws -> ExitStatus {
        child.signal(15)
        return try await child.wait(within: limit)
    }

    /// Runs a query from another process, as users do.
    public func ask(_ arguments: [String], within limit: Duration = .seconds(30)) async throws
        -> Outcome
    {
        try await scope.run(
            Places.trunkledger, arguments + ["--ledger", ledger], within: limit)
    }

    /// The rows of a query that must succeed.
    public func rows(_ arguments: [String]) async throws -> [JSONValue] {
        let outcome = try await ask(arguments + ["--format", "ndjson"])
        guard outcome.succeeded else { throw QueryFailed(arguments: arguments, outcome: outcome) }
        return try JSONValue.rows(outcome.output)
    }

    /// The document of a query that must succeed.
    public func document(_ arguments: [String]) async throws -> JSONValue {
        let outcome = try await ask(arguments + ["--format", "json"])
        guard outcome.succeeded else { throw QueryFailed(arguments: arguments, outcome: outcome) }
        return try JSONValue(parsing: outcome.output)
    }

    public func events(_ kind: String, _ more: [String] = []) async throws -> [JSONValue] {
        try await rows(["events", "--kind", kind] + more)
    }

    public func callRecords() async throws -> [CallRecord] {
        try await rows(["cdr", "list"]).map(CallRecord.init)
    }

    /// A caller's BYE is answered before the trunk has answered ours: the release comes a moment
    /// after the caller's end, and the record with it.
    public func waitUntilAllIsReleased(within limit: Duration = .seconds(10)) async throws {
        try await eventually("no channel is held", within: limit) {
            let inUse = try await occupancy()
            return !inUse.isEmpty && inUse.values.allSatisfy { $0 == 0 }
        }
    }

    /// Channels in use by trunk, now.
    public func occupancy() async throws -> [String: Int] {
        let trunks = try await document(["occupancy"]).objects
        return trunks.reduce(into: [:]) { result, row in
            if let trunk = row["trunk"]?.string, let count = row["in_use"]?.int {
                result[trunk] = count
            }
        }
    }
}

public struct QueryFailed: Error, CustomStringConvertible {
    let arguments: [String]
    let outcome: Outcome

    public var description: String {
        "trunkledger \(arguments.joined(separator: " ")): \(outcome.status) \(outcome.errorOutput)"
    }
}

public struct AgentNotReady: Error, CustomStringConvertible {
    public let description: String
}

extension ProcessScope {
    /// Writes the configuration, starts the agent and waits until its sockets are bound.
    public func startAgent(_ configuration: AgentConfiguration) async throws -> Agent {
        // What earlier tests wrote must not be written back while this agent's commits wait.
        sync()
        let ledger = "\(directory)/ledger"
        let path = try write(configuration.yaml(ledger: ledger), to: "trunkledger.yaml")
        return try await startAgent(
            ledger: ledger, configurationPath: path, listen: configuration.listen)
    }

    func startAgent(
        ledger: String, configurationPath: String, listen: Peer
    ) async throws -> Agent {
        let child = try start(
            Places.trunkledger, ["agent", "--config", configurationPath], name: "agent")
        try await eventually("agent says it is ready", within: .seconds(20)) {
            child.saidReady || !child.isRunning
        }
        guard child.saidReady else {
            throw AgentNotReady(
                description: "agent ended before it was ready: \(child.errorOutput)")
        }
        return Agent(
            scope: self, child: child, ledger: ledger, configurationPath: configurationPath,
            listen: listen)
    }
}

extension ChildProcess {
    /// The agent prints a line `ready` once its sockets are bound.
    var saidReady: Bool {
        (output + "\n" + errorOutput).split(separator: "\n").contains { line in
            line.split(whereSeparator: { !$0.isLetter }).contains("ready")
        }
    }
}
