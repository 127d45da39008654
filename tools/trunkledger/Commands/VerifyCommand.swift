import ArgumentParser
import Ledger

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every frame of the log from its bytes: checksums, hash chain, order.",
        discussion: """
            Names each fault with the position of the first event it touches. Works while the \
            agent runs.

            Exit status: 0 the log is sound, 1 faults were found, 69 it cannot be opened.
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    func run() throws {
        let reader = try source.reader()
        let report = try reader.verify { progress in
            StandardError.progress("verifying \(progress.position) of \(progress.through)")
        }
        StandardError.endProgress()
        let standardOutput = StandardOutput()
        switch output.format {
        case .table, .csv: standardOutput.write(Self.text(report))
        case .json, .ndjson: standardOutput.line(Self.value(report).jsonText)
        }
        standardOutput.flush()
        guard report.isSound else { throw CommandFailure.found }
    }

    private static func text(_ report: VerifyReport) -> String {
        var text = report.faults.map { "\($0)\n" }.joined()
        let unlisted = report.faultCount - report.faults.count
        if unlisted > 0 { text += "and \(unlisted) more\n" }
        let size = "\(report.events) events in \(report.frames) frames, \(report.bytes) bytes"
        if report.isSound {
            return text + "sound: \(size), head \(report.head.position) \(report.head.link)\n"
        }
        let faults = report.faultCount == 1 ? "1 fault" : "\(report.faultCount) faults"
        return text + "NOT sound: \(faults) in \(size)\n"
    }

    private static func value(_ report: VerifyReport) -> OutputValue {
        .record([
            ("sound", .truth(report.isSound)),
            ("events", .unsigned(report.events)),
            ("frames", .integer(Int64(report.frames))),
            ("bytes", .unsigned(report.bytes)),
            ("ledger", OutputValue(report.head.ledger)),
            ("head_position", .unsigned(report.head.position.rawValue)),
            ("head_link", OutputValue(report.head.link)),
            ("fault_count", .integer(Int64(report.faultCount))),
            (
                "faults",
                .list(
                    report.faults.map { fault in
                        .record([
                            ("position", .unsigned(fault.position.rawValue)),
                            ("cause", OutputValue(fault.cause)),
                        ])
                    })
            ),
        ])
    }
}
