import TrunkEvents

/// 3xx from a carrier (RFC 3261 section 8.1.3.4): the next trunk tries; or, where the trunk's
/// configuration says so, the number is called at its new addresses, one after the other, within
/// the same attempt. They must be the carrier's own: it may send a call elsewhere in its network,
/// not to others on our account.
extension Call {
    /// INVITEs of one attempt to addresses that a 3xx named.
    private static let redirectionsMax: UInt8 = 3

    /// Calls the first of the new addresses. `false`: there is none to be called.
    mutating func followRedirection(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) -> Bool {
        guard direction == .outbound, let status = response.status, (300..<400).contains(status),
            let trunk = board.directory.trunks[attempts[index].trunk], trunk.followsRedirections
        else { return false }
        let targets = RedirectionTarget.all(
            in: response, at: trunk, asked: attempts[index].remote, board)
        return call(targets + otherTargets(index), index, &board)
    }

    /// The address that a 3xx had named failed: the next one that it named. A 6xx speaks for all of
    /// them.
    mutating func tryNextTarget(
        _ index: Int, _ response: SIPMessage?, _ board: inout Switchboard
    ) -> Bool {
        guard response?.status ?? 0 < 600 else { return false }
        return call(otherTargets(index), index, &board)
    }

    private func otherTargets(_ index: Int) -> [RedirectionTarget] {
        switch attempts[index].state {
        case .calling(let calling): calling.otherTargets
        case .ringing(let ringing): ringing.otherTargets
        case .held, .abandoned, .listening, .answered, .over: []
        }
    }

    private mutating func call(
        _ targets: [RedirectionTarget], _ index: Int, _ board: inout Switchboard
    ) -> Bool {
        var attempt = attempts[index]
        guard let target = targets.first, attempt.redirections < Self.redirectionsMax else {
            return false
        }
        let local = board.directory.listener(towards: target.remote)
        guard
            let again = board.another(
                &attempt, to: target.uri[...], from: local == attempt.local ? nil : local)
        else { return false }
        attempt.redirections += 1
        (attempt.local, attempt.remote) = (local, target.remote)
        attempt.state = .calling(
            Attempt.Calling(
                progressDeadline: board.progressDeadline(of: attempt.trunk),
                otherTargets: Array(targets.dropFirst())))
        attempt.early = []
        resend(again, &attempt, &board)
        attempts[index] = attempt
        return true
    }
}

extension Switchboard {
    /// When a call that goes out now lets the next trunk try.
    func progressDeadline(of trunk: TrunkName) -> MonotonicInstant? {
        directory.trunks[trunk].map { now.monotonic.advanced(by: $0.progressTimeout) }
    }
}

/// Where a 3xx leads.
struct RedirectionTarget: Sendable {
    /// The new Request-URI.
    let uri: [UInt8]
    let remote: Endpoint

    /// Of one answer.
    private static let targetsMax = 8

    /// The Contacts that are SIP addresses at the carrier, the most wanted first (section 20.10);
    /// equals in the order of the answer.
    static func all(
        in response: SIPMessage, at trunk: TrunkConfiguration, asked: Endpoint,
        _ board: borrowing Switchboard
    ) -> [RedirectionTarget] {
        var found: [(target: RedirectionTarget, wanted: Int)] = []
        for case .address(let contact) in response.contacts where found.count < targetsMax {
            guard let target = RedirectionTarget(contact, at: trunk, asked: asked, board) else {
                continue
            }
            let wanted = contact.parameters.value("q").flatMap(thousandths) ?? 1_000
            let place = found.firstIndex { $0.wanted < wanted } ?? found.endIndex
            found.insert((target, wanted), at: place)
        }
        return found.map(\.target)
    }

    private init?(
        _ contact: NameAddress, at trunk: TrunkConfiguration, asked: Endpoint,
        _ board: borrowing Switchboard
    ) {
        guard let uri = contact.uri, uri.isSIP else { return nil }
        self.uri = Array(Dialog.target(contact.uriText))
        switch NextHop(uri, from: asked.transport, reaching: board.directory.reach) {
        case .endpoint(let endpoint):
            let isCarriers =
                endpoint.address == asked.address
                || endpoint.address == trunk.server.endpoint?.address
                || board.directory.isSource(endpoint.address, of: trunk)
            guard isCarriers else { return nil }
            remote = endpoint
        case .named:
            guard uri.host.elementsEqual(trunk.domain.bytes) else { return nil }
            remote = asked
        }
    }

    /// `qvalue` (RFC 3261 section 25.1): 0 to 1 with three decimals at most.
    private static func thousandths(_ text: Bytes) -> Int? {
        let parts = text.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts[0].decimal, whole <= 1 else { return nil }
        let decimals = parts.count > 1 ? parts[1] : []
        guard decimals.count <= 3 else { return nil }
        var value = Int(whole)
        for place in 0..<3 {
            let index = decimals.startIndex + place
            let digit = index < decimals.endIndex ? decimals[index] : UInt8(ascii: "0")
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return min(value, 1_000)
    }
}
