import Foundation
import TestSupport
import Testing

@testable import trunkledger

/// The manual page and the completions, which both come from the parser itself.
@Suite struct ManualTests {
    @Test func everyCommandAndOptionIsInTheManual() async throws {
        try await withProcesses { scope in
            let outcome = try await scope.run(Places.trunkledger, ["manual"])
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            let lines = Set(outcome.lines)
            for (name, command) in try commands() {
                #expect(lines.contains(".SS \(name.replacing("-", with: "\\-"))"), "\(name)")
                for option in command.shownArguments.flatMap({ $0.names ?? [] }) {
                    let typed = option.dashed.replacing("-", with: "\\-")
                    #expect(outcome.output.contains("\\fB\(typed)\\fR"), "\(name) \(option)")
                }
            }
        }
    }

    /// Every command below the root, with the words that are typed.
    private func commands() throws -> [(name: String, command: CommandDescription)] {
        func below(
            _ command: CommandDescription, _ name: String
        ) -> [(name: String, command: CommandDescription)] {
            command.shownSubcommands.flatMap { child in
                let typed = "\(name) \(child.commandName)"
                return [(typed, child)] + below(child, typed)
            }
        }
        let root = try CommandDescription.all(of: TrunkLedgerCommand.self)
        return below(root, root.commandName)
    }

    @Test func everyCommandHasAPageOfItsOwn() async throws {
        try await withProcesses { scope in
            let outcome = try await scope.run(
                Places.trunkledger, ["manual", "--out", "man/man1"])
            #expect(outcome.succeeded && outcome.output == "", "\(outcome.errorOutput)")
            let pages = try FileManager.default.contentsOfDirectory(
                atPath: "\(scope.directory)/man/man1")
            let names = try commands().map { $0.name.replacing(" ", with: "-") + ".1" }
            #expect(Set(pages) == Set(names + ["trunkledger.1"]))
            let list = try String(
                contentsOfFile: "\(scope.directory)/man/man1/trunkledger-cdr-list.1",
                encoding: .utf8)
            #expect(list.hasPrefix(".TH TRUNKLEDGER-CDR-LIST 1 "))
            #expect(list.contains("\n.B trunkledger cdr list\n"))
            #expect(list.contains("\\fB\\-\\-disposition\\fR"))
            let show = try String(
                contentsOfFile: "\(scope.directory)/man/man1/trunkledger-cdr-show.1",
                encoding: .utf8)
            #expect(show.contains("\n.B trunkledger cdr show\n.I id\n.RI [ options ]\n"))
            guard let groff = Places.program("groff") else { return }
            for page in pages {
                let typeset = try await scope.run(
                    groff, ["-man", "-Tutf8", "-ww", "-P-c", "man/man1/\(page)"])
                #expect(typeset.succeeded && typeset.errorOutput == "", "\(page)")
            }
        }
    }

    @Test func groffHasNothingToSay() async throws {
        guard let groff = Places.program("groff") else {
            print("groff is not here; the manual is not typeset")
            return
        }
        try await withProcesses { scope in
            let page = try await scope.run(Places.trunkledger, ["manual"])
            try scope.write(page.output, to: "trunkledger.1")
            let outcome = try await scope.run(
                groff, ["-man", "-Tutf8", "-ww", "-P-c", "trunkledger.1"])
            #expect(outcome.succeeded)
            #expect(outcome.errorOutput == "")
            #expect(outcome.output.contains("trunkledger evidence"))
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func shellsGetTheirCompletions(shell: String) async throws {
        try await withProcesses { scope in
            let outcome = try await scope.run(
                Places.trunkledger, ["--generate-completion-script", shell])
            #expect(outcome.succeeded)
            #expect(outcome.output.contains("evidence"))
            guard shell == "bash" else { return }
            try scope.write(outcome.output, to: "completions")
            let check = try await scope.run("/bin/bash", ["-n", "completions"])
            #expect(check.succeeded, "\(check.errorOutput)")
        }
    }
}
