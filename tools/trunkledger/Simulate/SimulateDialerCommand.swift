import ArgumentParser
import SIPAgent
import TrunkEvents

struct SimulateDialerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dialer",
        abstract: "Play a dialer: place calls at a steady rate, hold them, hang up.",
        discussion: """
            It ends when all calls are over and prints what became of them. SIGINT or SIGTERM \
            hangs up early. Each call's code stands in the display name of From, as VICIdial \
            writes it.
            """)

    @Option(help: "Send from here, e.g. 127.0.0.2:5060. Loopback only.")
    var listen: EndpointArgument

    @Option(help: "Send the calls here: the agent. Loopback only.")
    var target: EndpointArgument

    @Option(help: "How many calls.")
    var calls = 1

    @Option(help: "Calls a second.")
    var rate = 1.0

    @Option(help: "From the answer to the BYE.")
    var hold = SpanArgument(.seconds(5))

    @Option(help: "The numbers dialled; %d or %04d becomes the call's count, from 1.")
    var number = NumberPattern(prefix: "+1212555", width: 4, suffix: "")

    @Option(help: "The number calling.")
    var from = "2125550000"

    func validate() throws {
        try listen.requireLoopback("--listen")
        try target.requireLoopback("--target")
        guard (1...1_000_000).contains(calls) else {
            throw ValidationError("--calls takes 1 to 1000000")
        }
        guard rate > 0, rate <= 10_000 else {
            throw ValidationError("--rate takes more than 0 and at most 10000 calls a second")
        }
        guard !from.isEmpty, from.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "+") }) else {
            throw ValidationError("--from takes digits and +")
        }
    }

    func run() throws {
        let plan = DialerPlan(
            target: target.endpoint, calls: calls,
            interval: Nanoseconds(Int64(1_000_000_000 / rate)), hold: hold.span,
            caller: Octets(from), number: { [number] count in Octets(number.text(count)) })
        let run = SimulationRun(
            local: listen.endpoint,
            party: { [local = listen.endpoint] in
                SimulatedDialer(local: local, plan: plan, entropy: .system)
            }, line: { $0.summary.line })
        print(try run.run())
    }
}

extension DialerSummary {
    fileprivate var line: String {
        var parts = ["attempted \(attempted)", "answered \(answered)"]
        if endedByPeer > 0 { parts.append("hung up by the other side \(endedByPeer)") }
        parts.append("busy \(refused[486] ?? 0)")
        for (status, count) in refused.sorted(by: { $0.key < $1.key }) where status != 486 {
            parts.append("refused with \(status): \(count)")
        }
        if unanswered > 0 { parts.append("no response \(unanswered)") }
        if inProgress > 0 { parts.append("in progress \(inProgress)") }
        return "dialer: " + parts.joined(separator: ", ")
    }
}
