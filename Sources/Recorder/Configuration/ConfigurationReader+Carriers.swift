internal import Projections
internal import SIPAgent
internal import TrunkEvents

extension ConfigurationReader {
    static let trunkKeys = [
        "name", "register", "contacts", "backup_registrars", "address", "outbound_proxy", "match",
        "channels", "channels_in", "channels_out", "cps",
        "cps_wait", "reserved_emergency", "qualify", "down_after", "up_after", "calls_down_after",
        "calls_pause", "progress_timeout", "no_answer_timeout", "failover_on", "full_on",
        "near_cap", "number", "caller_id", "maintenance", "redirects",
    ]

    mutating func readCarrier(_ node: ConfigurationNode) {
        guard let section = findings.section(node, "a carrier", keys: ["name", "trunks"]) else {
            return
        }
        let nameNode = findings.required("name", in: section, example: "alpha")
        let name = nameNode.flatMap { self.name($0, "name") }.map { CarrierName($0) }
        if let name, let nameNode {
            if carriers.contains(where: { $0.value == name }) {
                findings.add("a second carrier named '\(name)'; rename one", at: nameNode.place)
            }
            carriers.append(Located(value: name, place: nameNode.place))
        }
        _ = findings.required("trunks", in: section, example: "[{name: alpha-1, channels: 50}]")
        for node in findings.list("trunks", in: section) { readTrunk(node, carrier: name) }
    }

    private mutating func readTrunk(_ node: ConfigurationNode, carrier: CarrierName?) {
        let keys = Self.trunkKeys + Self.callKeys
        guard let section = findings.section(node, "a trunk", keys: keys) else { return }
        let nameNode = findings.required("name", in: section, example: "alpha-1")
        let name = nameNode.flatMap { self.name($0, "name") }.map { TrunkName($0) }
        if let name, let nameNode, !trunkNames.insert(name.description).inserted {
            findings.add("a second trunk named '\(name)'; rename one", at: nameNode.place)
        }
        let peer = readPeer(section)
        let channels = readChannels(section)
        let settings = readTimers(section)
        let rate = readRate(section)
        let health = readHealthLimits(section)
        let codes = readFailoverCodes(section)
        let full = readFullAnswers(section)
        let number = readNumberRules(section)
        let caller = readCallerRules(section, isRegistered: section["register"] != nil)
        let calls = readCalls(section)
        let followsRedirections = readRedirects(section)
        let maintenance = readMaintenance(section)
        let written = section["match"] == nil ? nil : sources(section)
        guard let name, let carrier, let peer, let channels else { return }
        let ranges = written ?? peer.sources
        claim(ranges, for: "trunk '\(name)'", registering: peer.registration?.calledUsers ?? [])
        let trunk = TrunkConfiguration(
            name: name, carrier: carrier, server: peer.server, domain: peer.domain,
            registration: peer.registration, outboundProxy: peer.outboundProxy,
            sources: ranges.map(\.value), matchesServers: written == nil, channels: channels,
            callsPerSecond: rate, probeInterval: settings.probe, healthLimits: health,
            progressTimeout: settings.progress, noAnswerTimeout: settings.noAnswer,
            failoverCodes: codes, fullAnswers: full, number: number, caller: caller,
            calls: calls, followsRedirections: followsRedirections, maintenance: maintenance)
        trunks.append(Located(value: trunk, place: section.place))
    }

    private func defaultTimers() -> TrunkTimers {
        TrunkTimers(probe: .seconds(30), progress: .seconds(6), noAnswer: .seconds(60))
    }

    private struct TrunkTimers {
        var probe: Nanoseconds?
        var progress: Nanoseconds
        var noAnswer: Nanoseconds
    }

    private mutating func readTimers(_ section: ConfigurationSection) -> TrunkTimers {
        var timers = defaultTimers()
        if let node = findings.text("qualify", in: section) {
            timers.probe =
                Self.isOff(node)
                ? nil : duration(node, "qualify", atLeast: .seconds(1)) ?? timers.probe
        }
        if let node = findings.text("progress_timeout", in: section) {
            timers.progress =
                duration(node, "progress_timeout", atLeast: .milliseconds(500)) ?? timers.progress
        }
        if let node = findings.text("no_answer_timeout", in: section) {
            timers.noAnswer =
                duration(node, "no_answer_timeout", atLeast: .seconds(1)) ?? timers.noAnswer
        }
        return timers
    }

    mutating func duration(
        _ node: ConfigurationNode, _ key: String, atLeast least: Nanoseconds
    ) -> Nanoseconds? {
        findings.check(key, node) { text throws(TextProblem) in
            let value = try QuantityText.duration(text)
            guard value >= least else {
                throw TextProblem("\(text) is too short; write \(least.milliseconds)ms or more")
            }
            return value
        }
    }

    private mutating func readRate(_ section: ConfigurationSection) -> CallRateLimit? {
        let cps = findings.text("cps", in: section).flatMap { node in
            findings.check("cps", node) { text throws(TextProblem) in
                try QuantityText.count(text, in: 1...100_000)
            }
        }
        guard let waitNode = findings.text("cps_wait", in: section) else {
            return cps.map { CallRateLimit(callsPerSecond: $0) }
        }
        if section["cps"] == nil {
            findings.add("'cps_wait' without 'cps'; add 'cps' or take it out", at: waitNode.place)
        }
        let wait = duration(waitNode, "cps_wait", atLeast: .zero) ?? .zero
        return cps.map { CallRateLimit(callsPerSecond: $0, waitLimit: wait) }
    }

    private mutating func readFailoverCodes(_ section: ConfigurationSection) -> Set<StatusCode> {
        guard section["failover_on"] != nil else { return TrunkConfiguration.defaultFailoverCodes }
        var codes: Set<StatusCode> = []
        for node in findings.texts("failover_on", in: section) {
            let code = findings.check("failover_on", node) { text throws(TextProblem) in
                try Self.failoverCode(text)
            }
            if let code { codes.insert(code) }
        }
        return codes
    }

    private static func failoverCode(_ text: String) throws(TextProblem) -> StatusCode {
        guard let value = UInt16(text), let code = StatusCode(rawValue: value),
            (400...699).contains(value)
        else { throw TextProblem("'\(text)' is no SIP answer to fail over on; write 400 to 599") }
        guard value != 486, value < 600 else {
            throw TextProblem("\(text) is the callee's own answer and ends the search; take it out")
        }
        guard value != 401, value != 407 else {
            throw TextProblem("\(text) is answered with the trunk's credentials; take it out")
        }
        return code
    }

    private mutating func readMaintenance(_ section: ConfigurationSection) -> [Octets] {
        var windows: [Octets] = []
        for node in findings.texts("maintenance", in: section) {
            let window = findings.check("maintenance", node) { text throws(TextProblem) in
                if MaintenanceWindow(text) != nil { return Octets(text) }
                throw TextProblem(
                    "'\(text)' is no maintenance window; write it like 'sun 02:00-04:00 -05:00' "
                        + "or 2026-12-06T02:00:00Z/2026-12-06T04:00:00Z")
            }
            if let window { windows.append(window) }
        }
        return windows
    }
}
