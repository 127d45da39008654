import ArgumentParser

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Play a carrier or a dialer, to try things on loopback.",
        discussion: """
            With an agent on 127.0.0.1:5062 whose trunk is sip:127.0.0.3:5070:

              trunkledger simulate carrier --listen 127.0.0.3:5070 --answer-after 300ms
              trunkledger simulate dialer --listen 127.0.0.2:5060 --target 127.0.0.1:5062 \
            --calls 100 --rate 10
            """,
        subcommands: [SimulateCarrierCommand.self, SimulateDialerCommand.self])
}
