import ArgumentParser

@main
struct TrunkLedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trunkledger", abstract: "The flight recorder of SIP trunks.")
}
