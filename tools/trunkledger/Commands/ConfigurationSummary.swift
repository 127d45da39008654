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
        if agent.trunks.contains(where: { !$0.serverNames.isEmpty }) {
            text += "dns     \(resolver)\n"
        }
        text += table(
            ["TRUNK", "CARRIER", "CHANNELS", "CPS", "PEER", "KNOWN BY", "INBOUND FROM"],
            agent.trunks.map { trunk in
                [
                    trunk.name.description, trunk.carrier.description,
                    Self.channels(trunk.channels),
                    trunk.callsPerSecond.map { String($0.callsPerSecond) } ?? "-",
                    trunk.server.description,
                    trunk.registration.map { "registration of \($0.user)" } ?? "address",
                    Self.sources(trunk),
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
            ["NUMBERS THAT BEGIN WITH", "AT", "GO TO"],
            agent.routes.map { route in
                [
                    route.prefix.isEmpty ? "(anything)" : route.prefix.description,
                    route.hours?.description ?? "all hours", Self.order(route),
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
            (
                "dns",
                .record([
                    ("servers", .list(configuration.dns.servers.map { .text(Self.hostPort($0)) })),
                    ("timeout_ms", Self.milliseconds(configuration.dns.timeout)),
                ])
            ),
            ("dialers", .list(agent.dialers.map(Self.value))),
            ("trunks", .list(agent.trunks.map(Self.value))),
            ("routes", .list(agent.routes.map(Self.value))),
            ("inbound", .list(agent.inboundNumbers.map(Self.value))),
            ("security", Self.value(agent.security)),
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
        if limits.emergencyReserve > 0 {
            text += ", \(limits.emergencyReserve) for emergencies"
        }
        return text
    }

    private static func order(_ route: RouteConfiguration) -> String {
        let names = route.trunks.map(\.name.description)
        switch route.policy {
        case .priority: return names.joined(separator: ", then ")
        case .roundRobin: return "\(names.joined(separator: ", ")) in turn"
        case .leastUsed: return "the least used of \(names.joined(separator: ", "))"
        case .weighted, .percent:
            let sign = route.policy == .percent ? "%" : ""
            let shares = route.trunks.map { "\($0.name) \($0.share)\(sign)" }
            return "\(shares.joined(separator: ", ")) (\(route.policy))"
        }
    }

    private var resolver: String {
        let servers = configuration.dns.servers.map(Self.hostPort)
        return servers.isEmpty ? "as this machine is set up" : servers.joined(separator: ", ")
    }

    private static func hostPort(_ server: Endpoint) -> String {
        let host = server.address.isV4 ? "\(server.address)" : "[\(server.address)]"
        return "\(host):\(server.port)"
    }

    private static func sources(_ trunk: TrunkConfiguration) -> String {
        guard trunk.matchesServers, !trunk.serverNames.isEmpty else { return ranges(trunk.sources) }
        return (trunk.sources.map(\.description) + ["where DNS locates it"])
            .joined(separator: ", ")
    }

    private static func ranges(_ ranges: [AddressRange]) -> String {
        ranges.isEmpty ? "nowhere" : ranges.map(\.description).joined(separator: ", ")
    }

    private static func value(_ trunk: TrunkConfiguration) -> OutputValue {
        .record([
            ("name", OutputValue(trunk.name)),
            ("carrier", OutputValue(trunk.carrier)),
            ("remote", OutputValue(trunk.server)),
            ("located_by_dns", .list(trunk.serverNames.map { OutputValue($0) })),
            ("domain", OutputValue(trunk.domain)),
            ("register_user", OutputValue(trunk.registration?.user)),
            (
                "contacts", .list((trunk.registration?.contacts ?? []).map { OutputValue($0) })
            ),
            (
                "backup_registrars",
                .list((trunk.registration?.backups ?? []).map { OutputValue($0) })
            ),
            ("outbound_proxy", OutputValue(trunk.outboundProxy?.server)),
            ("match", .list(trunk.sources.map { OutputValue($0) })),
            ("channels", OutputValue(count: trunk.channels.total)),
            ("channels_in", OutputValue(count: trunk.channels.inbound)),
            ("channels_out", OutputValue(count: trunk.channels.outbound)),
            ("reserved_emergency", OutputValue(count: trunk.channels.emergencyReserve)),
            ("near_cap_percent", OutputValue(count: trunk.channels.nearCapPercent)),
            ("cps", OutputValue(count: trunk.callsPerSecond?.callsPerSecond)),
            ("cps_wait_ms", milliseconds(trunk.callsPerSecond?.waitLimit)),
            ("qualify_ms", milliseconds(trunk.probeInterval)),
            ("down_after", OutputValue(count: trunk.healthLimits.probesDown)),
            ("up_after", OutputValue(count: trunk.healthLimits.probesUp)),
            ("calls_down_after", OutputValue(count: trunk.healthLimits.callsDown)),
            ("calls_pause_ms", milliseconds(trunk.healthLimits.callPause)),
            ("progress_timeout_ms", milliseconds(trunk.progressTimeout)),
            ("no_answer_timeout_ms", milliseconds(trunk.noAnswerTimeout)),
            (
                "failover_on",
                .list(trunk.failoverCodes.sorted().map { .unsigned(UInt64($0.rawValue)) })
            ),
            ("full_on", .list(trunk.fullAnswers.map(Self.value))),
            ("number", Self.value(trunk.number)),
            ("caller_id", Self.value(trunk.caller)),
            ("redirects", .text(trunk.followsRedirections ? "follow" : "next_trunk")),
            ("maintenance", .list(trunk.maintenance.map { .text($0.description) })),
            ("calls", trunk.calls.summary),
        ])
    }

    private static func value(_ rules: NumberRules) -> OutputValue {
        .record([
            ("format", .text(rules.format.description)),
            ("strip", OutputValue(count: rules.strip)),
            ("prefix", OutputValue(rules.prefix)),
            ("tech_prefix", OutputValue(rules.techPrefix)),
        ])
    }

    private static func value(_ rules: CallerRules) -> OutputValue {
        let sender =
            switch rules.sender {
            case .caller: "caller"
            case .registered: "registered"
            case .fixed(let number): number.description
            }
        return .record([
            ("format", .text(rules.format.description)),
            ("from", .text(sender)),
            ("p_asserted_identity", .text(rules.assertedIdentity.description)),
            ("remote_party_id", .text(rules.remoteParty.description)),
            ("diversion", .text(rules.passesDiversion ? "pass" : "remove")),
            ("privacy", .text(rules.privacy.description)),
        ])
    }

    private static func value(_ pattern: AnswerPattern) -> OutputValue {
        .record([
            ("code", .unsigned(UInt64(pattern.code.rawValue))),
            ("reason", OutputValue(pattern.words)),
            ("cause", pattern.cause.map { .unsigned(UInt64($0.rawValue)) } ?? .none),
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
            (
                "auth_digests",
                .list(dialer.digests.map(\.description).sorted().map { .text($0) })
            ),
            ("contact", OutputValue(dialer.contact)),
            ("reference", reference),
            ("caller_id", .list(dialer.callerSources.map { .text($0.description) })),
            ("calls", dialer.calls.summary),
        ])
    }

    private static func value(_ security: SecuritySettings) -> OutputValue {
        .record([
            ("requests_per_second", OutputValue(count: security.requestRate?.requestsPerSecond)),
            ("ban_after", OutputValue(count: security.ban?.failures)),
            ("ban_window_ms", milliseconds(security.ban?.window)),
            ("ban_time_ms", milliseconds(security.ban?.duration)),
        ])
    }

    private static func value(_ route: RouteConfiguration) -> OutputValue {
        .record([
            ("prefix", OutputValue(route.prefix)),
            ("hours", route.hours.map { .text($0.description) } ?? .none),
            ("policy", .text(route.policy.description)),
            ("trunks", .list(route.trunks.map { OutputValue($0.name) })),
            ("shares", .list(route.trunks.map { .unsigned(UInt64($0.share)) })),
        ])
    }

    private static func value(_ number: InboundNumberConfiguration) -> OutputValue {
        .record([("did", OutputValue(number.number)), ("to", OutputValue(number.dialer))])
    }

    private static func milliseconds(_ span: Nanoseconds?) -> OutputValue {
        span.map { .integer($0.milliseconds) } ?? .none
    }
}
