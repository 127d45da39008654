import ArgumentParser

struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Print the manual page, made from what this very program knows of itself.",
        discussion: """
              trunkledger manual > /usr/local/share/man/man1/trunkledger.1
              man trunkledger
            """)

    func run() throws {
        let output = StandardOutput()
        let root = try CommandDescription.all(of: TrunkLedgerCommand.self)
        output.write(ManualPage(root, version: TrunkLedgerCommand.version).text)
        output.flush()
    }
}
