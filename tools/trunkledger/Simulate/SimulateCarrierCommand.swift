import ArgumentParser
import SIPAgent
import TrunkEvents

struct SimulateCarrierCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "carrier",
        abstract: "Play a carrier: take registrations, ring, answer, hang up.",
        discussion: """
            It runs until SIGINT or SIGTERM, then hangs up and prints what it saw. Every INVITE \
            rings at once.
            """)

    @Option(help: "Listen here, e.g. 127.0.0.3:5070. Loopback only.")
    var listen: EndpointArgument

    @Option(help: "Ask REGISTER for this USER:SECRET by digest.")
    var register: CredentialsArgument?

    @Option(help: "Calls at once; further ones get 503.")
    var channels: Int?

    @Option(help: "From the INVITE to its 200.")
    var answerAfter = SpanArgument(.zero)

    @Option(help: "Hang up this long after the answer; otherwise wait for the BYE.")
    var hold: SpanArgument?

    @Option(help: "Answer every call with this status, e.g. 503.")
    var fail: UInt16?

    @Option(help: "Every nth call is busy.")
    var busyEvery: Int?

    @Option(help: "Every nth call rings until it is cancelled.")
    var noAnswerEvery: Int?

    func validate() throws {
        try listen.requireLoopback("--listen")
        if let fail, !(300...699).contains(fail) {
            throw ValidationError("--fail takes a status from 300 to 699, not \(fail)")
        }
        for (name, value) in [
            ("--channels", channels), ("--busy-every", busyEvery),
            ("--no-answer-every", noAnswerEvery),
        ] {
            if let value, value < 1 { throw ValidationError("\(name) takes 1 or more") }
        }
    }

    func run() throws {
        var behaviour = CarrierBehaviour()
        behaviour.credentials = register?.credentials
        behaviour.channels = channels ?? .max
        behaviour.answerDelay = answerAfter.span
        behaviour.hold = hold?.span
        behaviour.failure = fail.flatMap(StatusCode.init)
        behaviour.busyEvery = busyEvery
        behaviour.noAnswerEvery = noAnswerEvery
        let run = SimulationRun(
            local: listen.endpoint,
            party: { [behaviour, local = listen.endpoint] in
                SimulatedCarrier(local: local, behaviour: behaviour, entropy: .system)
            }, line: { $0.summary.line })
        print(try run.run())
    }
}

extension CarrierSummary {
    fileprivate var line: String {
        let parts = [
            "in use \(inUse)", "peak \(peak)", "calls \(invites)", "answered \(answered)",
            "busy \(busy)", "cancelled \(cancelled)", "full \(full)", "failed \(failed)",
            "registrations \(registrations)",
        ]
        return "carrier: " + parts.joined(separator: ", ")
    }
}
