import ArgumentParser
import Foundation

struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Print the manual page, made from what this very program knows of itself.",
        discussion: """
            With --out, a page for each command is written too, as man(1) finds them.

              trunkledger manual --out /usr/local/share/man/man1
              man trunkledger
              man trunkledger-cdr-list
            """)

    @Option(
        help: ArgumentHelp(
            "Write the pages into this directory instead, which is made if it is missing.",
            valueName: "dir"),
        completion: .directory)
    var out: String?

    func run() throws {
        let root = try CommandDescription.all(of: TrunkLedgerCommand.self)
        let manual = ManualPage(root, version: TrunkLedgerCommand.version)
        guard let out else {
            let output = StandardOutput()
            output.write(manual.text)
            return output.flush()
        }
        do {
            try FileManager.default.createDirectory(
                atPath: out, withIntermediateDirectories: true)
            for page in manual.files {
                try page.text.write(
                    toFile: "\(out)/\(page.name)", atomically: true, encoding: .utf8)
            }
        } catch {
            throw CommandFailure(
                .inputOutput,
                "the manual cannot be written to \(out): \(error.localizedDescription)")
        }
    }
}
