import ArgumentParser
import Foundation
import Glibc

@main
struct TrunkLedgerCommand: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "trunkledger",
        abstract: "The flight recorder of SIP trunks.",
        discussion: """
            A SIP agent stands between your dialer and your carriers. Every channel that is taken \
            or given back is on disk before the message that depends on it leaves the machine; \
            occupancy, uptime and call records are read from that log.

            First steps:
              trunkledger config check --config trunkledger.yaml
              trunkledger agent --config trunkledger.yaml
              export TRUNKLEDGER_LEDGER=./ledger     # for the commands below
              trunkledger status --watch             # the trunk wall
              trunkledger cdr list --from -1h        # calls of the last hour
              trunkledger replay --call ID           # what happened in one call
              trunkledger verify                     # is the log as it was written?

            Every query works while the agent runs and never slows it.

            Exit status: 0 done, 1 the check found something, 64 wrong usage, 65 bad input data, \
            69 the ledger is not usable, 74 input/output error.
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(name: "Run", subcommands: [AgentCommand.self, ConfigCommand.self]),
            CommandGroup(
                name: "Ask",
                subcommands: [
                    StatusCommand.self, OccupancyCommand.self, UptimeCommand.self,
                    CDRCommand.self, EventsCommand.self, ReplayCommand.self,
                ]),
            CommandGroup(
                name: "Bill",
                subcommands: [KPICommand.self, RateCommand.self, ReconcileCommand.self]),
            CommandGroup(
                name: "Check",
                subcommands: [
                    VerifyCommand.self, CheckpointCommand.self, ProveCommand.self,
                    EvidenceCommand.self, RebuildCommand.self,
                ]),
            CommandGroup(
                name: "Keep",
                subcommands: [
                    BackupCommand.self, RestoreCommand.self, SealCommand.self,
                    ArchiveCommand.self, CompactCommand.self, LedgerCommand.self,
                ]),
            CommandGroup(name: "Try", subcommands: [SimulateCommand.self]),
            CommandGroup(name: "Install", subcommands: [ManualCommand.self]),
        ])

    static func main() {
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if !carriesCalls(command) { giveWay() }
            try command.run()
        } catch {
            end(with: error)
        }
    }

    /// Calls go through it, and must not wait for anybody's question.
    private static func carriesCalls(_ command: any ParsableCommand) -> Bool {
        command is AgentCommand || command is SimulateCarrierCommand
            || command is SimulateDialerCommand
    }

    /// However many questions are asked at once, the agent goes first: its commits are not to wait
    /// for a processor. setpriority(2) may always lower one's own priority.
    private static func giveWay() {
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    }

    /// Help goes to standard output; everything else is one line on standard error.
    private static func end(with error: any Error) -> Never {
        if let failure = CommandFailure(error) {
            if let message = failure.message { StandardError.line(message) }
            Glibc.exit(failure.status.rawValue)
        }
        let code = exitCode(for: error)
        if code.isSuccess {
            let output = StandardOutput()
            output.line(fullMessage(for: error))
            output.flush()
        } else if code == .validationFailure {
            let what = UsageMessage(message(for: error)).text
            StandardError.line("\(what); \(advice(for: error))")
        } else if !(error is ExitCode) {
            StandardError.line(
                "\(message(for: error)); if this makes no sense, please report it as a bug")
            Glibc.exit(ExitStatus.inputOutput.rawValue)
        }
        Glibc.exit(code.rawValue)
    }

    /// The parser knows which command was meant: `See 'trunkledger cdr show --help' for ...`.
    private static func advice(for error: any Error) -> String {
        let full = fullMessage(for: error)
        let quoted = full.firstMatch(of: /'(trunkledger[^']* --help)'/)
        return "see '\(quoted.map { String($0.1) } ?? "trunkledger --help")'"
    }
}
