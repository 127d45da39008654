import ArgumentParser
import Foundation

/// A command as the parser knows it: what its help is made from.
struct CommandDescription: Decodable {
    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String

            /// `--format`, `-w`.
            var dashed: String { (kind == "long" ? "--" : "-") + name }
        }

        var kind: String
        var names: [Name]?
        var valueName: String?
        var abstract: String?
        var allValues: [String]?
        var defaultValue: String?
        var isOptional: Bool
        var isRepeating: Bool
        var shouldDisplay: Bool
    }

    private struct Tool: Decodable {
        var command: CommandDescription
    }

    var commandName: String
    var abstract: String?
    var discussion: String?
    var arguments: [Argument]?
    var subcommands: [CommandDescription]?

    static func all(of command: (some ParsableCommand).Type) throws -> CommandDescription {
        try JSONDecoder().decode(Tool.self, from: Data(command._dumpHelp().utf8)).command
    }

    /// `help` and `--help` explain themselves.
    var shownArguments: [Argument] {
        (arguments ?? []).filter { argument in
            let isHelp = argument.names?.contains { ["help", "version"].contains($0.name) } ?? false
            return argument.shouldDisplay && !isHelp
        }
    }

    var shownSubcommands: [CommandDescription] {
        (subcommands ?? []).filter { $0.commandName != "help" }
    }
}
