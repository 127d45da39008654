import ArgumentParser
import Recorder

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Look at a configuration before the agent does.",
        subcommands: [ConfigCheckCommand.self, ConfigImportCommand.self])
}

struct ConfigCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a configuration and show what was understood.",
        discussion: """
            Names every problem with file, line, column and what was meant. Secrets are fetched \
            (from ${NAME} and file:PATH) but never shown.

            Exit status: 0 no problem, 1 problems, 74 the file cannot be read.
            """)

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    @OptionGroup var output: OutputChoice

    func run() throws {
        do throws(ConfigurationError) {
            show(try RecorderConfiguration.load(path: config))
        } catch .invalid(let problems) {
            tell(problems)
            throw CommandFailure.found
        }
    }

    private func tell(_ problems: [ConfigurationProblem]) {
        switch output.format {
        case .table, .csv:
            for problem in problems { StandardError.write("\(problem)\n") }
        case .json, .ndjson:
            let listed = problems.map { problem in
                OutputValue.record([
                    ("file", .text(problem.file)),
                    ("line", .integer(Int64(problem.place.line))),
                    ("column", .integer(Int64(problem.place.column))),
                    ("message", .text(problem.message)),
                ])
            }
            let standardOutput = StandardOutput()
            standardOutput.line(OutputValue.record([("problems", .list(listed))]).jsonText)
            standardOutput.flush()
        }
    }

    private func show(_ configuration: RecorderConfiguration) {
        let summary = ConfigurationSummary(configuration)
        let standardOutput = StandardOutput()
        switch output.format {
        case .table, .csv:
            standardOutput.write(summary.text(for: .current))
            standardOutput.line("\(configuration.file): no problems")
        case .json, .ndjson: standardOutput.line(summary.value.jsonText)
        }
        standardOutput.flush()
    }
}
