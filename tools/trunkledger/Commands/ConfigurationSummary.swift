import Recorder
import SIPAgent
import TrunkEvents

/// What was understood of a configuration; secrets stay out of it.
struct ConfigurationSummary {
    private let configuration: RecorderConfiguration

    init(_ configuration: RecorderConfiguration) {
        self.configuration = configuration
    }

    private var agent: AgentConfiguration { configuration.agent }

    func text(for terminal: Terminal) -> String {
        var text = "node    \(agent.node)\nledger  \(configuration.ledgerPath)\n"
        text += "listen  \(agent.listeners.map(\.description).joined(separator: ", "))\n"
        if let host = agent.advertisedHost { text += "shown   as \(host)\n" }
        text += table(
            ["TRUNK", "CARRIER", "CHANNELS", "CPS", "PEER", "KNOWN BY", "INBOUND FROM"],
            agent.trunks.map { trunk in
                [
                    trunk.name.description, trunk.carrier.description,
                    Self.channels(trunk.channels),
                    trunk.callsPerSecond.map { String($0.callsPerSecond) } ?? "-",
                    trunk.remote.description,
                    trunk.registration.map { "registration of \($0.user)" } ?? "address",
                    Self.ranges(trunk.sources),
                ]
            }, terminal)
        text += table(
            ["DIALER", "CALLS FROM", "PASSWORD", "TAKES CALLS AT"],
            agent.dialers.map { dialer in
                [
                    dialer.name.description, Self.ranges(dialer.sources),
                    dialer.credentials.map { "asked of \($0.user)" } ?? "none",
                    dialer.contact?.description ?? "-",
                ]
            }, terminal)
        text += table(
            ["NUMBERS THAT BEGIN WITH", "GO TO"],
            agent.routes.map { route in
                [
                    route.prefix.isEmpty ? "(anything)" : route.prefix.description,
                    route.trunks.map(\.description).joined(separator: ", then "),
                ]
            }, terminal)
        text += table(
            ["CALLS FOR", "GO TO"],
            agent.inboundNumbers.map { [$0.number.description, $0.dialer.description] }, terminal)
        return text + "\n"
    }

    var value: OutputValue {
        .record([
            ("file", .text(configuration.file)),
            ("node", OutputValue(agent.node)),
            ("ledger", .text(configuration.ledgerPath)),
            ("listen", .list(agent.listeners.map { OutputValue($0) })),
            ("advertise", OutputValue(agent.advertisedHost)),
            ("dialers", .list(agent.dialers.map(Self.value))),
            ("trunks", .list(agent.trunks.map(Self.value))),
            ("routes", .list(agent.routes.map(Self.value))),
            ("inbound", .list(agent.inboundNumbers.map(Self.value))),
        ])
    }

    private func table(_ headings: [String], _ rows: [[String]], _ terminal: Terminal) -> String {
        guard !rows.isEmpty else { return "" }
        let columns = headings.enumerated().map { TableColumn(heading: $1, rank: $0) }
        var table = TextTable(columns, terminal: terminal)
        var text = "\n"
        for row in rows { text += table.add(row.map { TableCell($0) }) }
        return text + table.flush()
    }

    private static func channels(_ limits: ChannelLimits) -> String {
        var text = String(limits.total)
        if let inbound = limits.inbound { text += ", \(inbound) in" }
        if let outbound = limits.outbound { text += ", \(outbound) out" }
        return text
    }

    private static func ranges(_ ranges: [AddressRange]) -> String {
        ranges.isEmpty ? "nowhere" : ranges.map(\.description).joined(separator: ", ")
    }

    private static func value(_ trunk: TrunkConfiguration) -> OutputValue {
        .record([
            ("name", OutputValue(trunk.name)),
            ("carrier", OutputValue(trunk.carrier)),
            ("remote", OutputValue(trunk.remote)),
            ("domain", OutputValue(trunk.domain)),
            ("register_user", OutputValue(trunk.registration?.user)),
            ("match", .list(trunk.sources.map { OutputValue($0) })),
            ("channels", OutputValue(count: trunk.channels.total)),
            ("channels_in", OutputValue(count: trunk.channels.inbound)),
            ("channels_out", OutputValue(count: trunk.channels.outbound)),
            ("near_cap_percent", OutputValue(count: trunk.channels.nearCapPercent)),
            ("cps", OutputValue(count: trunk.callsPerSecond?.callsPerSecond)),
            ("cps_wait_ms", milliseconds(trunk.callsPerSecond?.waitLimit)),
            ("qualify_ms", milliseconds(trunk.probeInterval)),
            ("progress_timeout_ms", milliseconds(trunk.progressTimeout)),
            ("no_answer_timeout_ms", milliseconds(trunk.noAnswerTimeout)),
            (
                "failover_on",
                .list(trunk.failoverCodes.sorted().map { .unsigned(UInt64($0.rawValue)) })
            ),
            ("redirects", .text(trunk.followsRedirections ? "follow" : "next_trunk")),
            ("calls", trunk.calls.summary),
        ])
    }

    private static func value(_ dialer: DialerConfiguration) -> OutputValue {
        let reference: OutputValue =
            switch dialer.reference {
            case .none: .none
            case .fromDisplay: .text("from_display")
            case .header(let name): .text(name.description)
            }
        return .record([
            ("name", OutputValue(dialer.name)),
            ("match", .list(dialer.sources.map { OutputValue($0) })),
            ("auth_user", OutputValue(dialer.credentials?.user)),
            ("contact", OutputValue(dialer.contact)),
            ("reference", reference),
            ("calls", dialer.calls.summary),
        ])
    }

    private static func value(_ route: RouteConfiguration) -> OutputValue {
        .record([
            ("prefix", OutputValue(route.prefix)),
            ("trunks", .list(route.trunks.map { OutputValue($0) })),
        ])
    }

    private static func value(_ number: InboundNumberConfiguration) -> OutputValue {
        .record([("did", OutputValue(number.number)), ("to", OutputValue(number.dialer))])
    }

    private static func milliseconds(_ span: Nanoseconds?) -> OutputValue {
        span.map { .integer($0.milliseconds) } ?? .none
    }
}
