import TestSupport

/// The `LedgerWorkload` program in a process of its own.
enum WorkloadProcess {
    static func start(_ processes: ProcessScope, _ arguments: [String]) throws -> ChildProcess {
        try processes.start(Places.built("LedgerWorkload"), arguments)
    }

    /// Runs to its end, which must be a success.
    static func run(_ processes: ProcessScope, _ arguments: [String]) async throws -> String {
        let child = try start(processes, arguments)
        let status = try await child.wait(within: .seconds(120))
        guard status == .exited(0) else {
            throw WrongContent("the workload ended with \(status): \(child.errorOutput)")
        }
        return child.output
    }
}
