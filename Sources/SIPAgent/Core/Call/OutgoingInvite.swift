import TrunkEvents

/// An INVITE for the called leg, made from the caller's.
struct OutgoingInvite: Sendable {
    let message: SIPMessage
    let branch: [UInt8]
    let callID: [UInt8]
    let fromTag: [UInt8]
    let local: Endpoint
    let remote: Endpoint
    /// Where else it may go, when `remote` fails.
    var otherHops: [Endpoint] = []
}

extension Switchboard {
    /// Towards a carrier, with the numbers as its trunk's rules have them; their host is the
    /// trunk's domain. Without rules the called number goes as E.164 where the numbering plan makes
    /// it so (`+` and digits; emergency numbers as they are), else exactly as it was dialled, and
    /// From keeps the caller's number, and its display name unless that is the dialer's code for
    /// the call.
    mutating func invite(
        to trunk: TrunkConfiguration, from caller: CallerLeg, identity: CallerIdentity,
        number: NormalizedNumber, reference: DialerReference
    ) -> OutgoingInvite? {
        let called = directory.numberWriter.write(
            number, asSent: Self.user(in: caller.invite.requestURI ?? []), trunk.number)
        var target = Self.sipURI(user: called[...], host: trunk.domain.bytes)
        let to = MessageWriter.nameAddress(uri: target[...])
        var hops = trunks.hops(of: trunk.name, at: now.monotonic, using: &entropy)[...]
        guard let hop = hops.popFirst(), var path = trunks.path(of: trunk.name, by: hop) else {
            return nil
        }
        if let name = path.name {
            path.follow(trunks.hosts(of: name, at: now.monotonic), using: &entropy)
        }
        if let port = path.port, !trunk.domain.namesPort {
            target.append(UInt8(ascii: ":"))
            target.append(decimal: UInt64(port))
        }
        let callerNumber = directory.normalizer.normalize(Octets(Array(identity.user)))
        let presentation = CallerPresentation(
            identity,
            number: directory.numberWriter.write(
                callerNumber, asSent: identity.user, trunk.caller.format),
            invite: caller.invite, on: trunk, showsDisplay: reference != .fromDisplay)
        var outgoing = invite(
            caller: caller, target: target, to: to, display: presentation.display,
            fromURI: presentation.fromURI, headers: presentation.headers,
            withholding: presentation.withheld, remote: path.remote, routes: path.routes,
            trunk.calls)
        // A service route leads past all of them.
        if path.remote == hop { outgoing?.otherHops = Array(hops) }
        return outgoing
    }

    /// Towards a dialer: the number as the carrier wrote it, at the dialer's address; From at ours.
    mutating func invite(
        toDialerAt contact: Endpoint, from caller: CallerLeg, _ settings: CallSettings
    ) -> OutgoingInvite? {
        let from = caller.invite.from
        let local = directory.listener(towards: contact)
        var writer = MessageWriter(capacity: 48)
        if contact.address.isV4 {
            writer.append(contact.address)
        } else {
            writer.append("[")
            writer.append(contact.address)
            writer.append("]")
        }
        let called = Self.user(in: caller.invite.requestURI ?? [])
        var target = Self.sipURI(user: called, host: writer.bytes)
        let to = MessageWriter.nameAddress(uri: target[...])
        target.append(UInt8(ascii: ":"))
        target.append(decimal: UInt64(contact.port))
        target.append(contact.transport.uriParameter)
        let fromURI =
            CallerIdentity.isAnonymous(from)
            ? Array(from.uriText)
            : Self.sipURI(user: Self.user(in: from.uriText), host: directory.host(local))
        return invite(
            caller: caller, target: target, to: to, display: from.display, fromURI: fromURI,
            remote: contact, settings)
    }

    private mutating func invite(
        caller: CallerLeg, target: [UInt8], to: [UInt8], display: Bytes?, fromURI: [UInt8],
        headers: [UInt8] = [], withholding withheld: HeaderSet = [], remote: Endpoint,
        routes: [[UInt8]] = [], _ settings: CallSettings
    ) -> OutgoingInvite? {
        let local = directory.listener(towards: remote)
        let branch = entropy.branch()
        let callID = entropy.callID()
        let tag = entropy.tag()
        let sentBy = directory.sentBy(local)
        let from = MessageWriter.nameAddress(display: display, uri: fromURI[...], tag: tag[...])
        // A count that falls by one each hop ends a loop that leads through other elements.
        let hops = min(caller.invite.maxForwards ?? 70, 255)
        var writer = MessageWriter(
            request: RequestHead(
                method: .invite, uri: target[...],
                via: ViaHead(
                    transport: ViaTransport(local.transport), sentBy: sentBy[...],
                    branch: branch[...]),
                maxForwards: UInt8(hops > 0 ? hops - 1 : 0), from: from[...], to: to[...],
                callID: callID[...], cseq: 1, routes: routes.map { $0[...] }))
        writer.ownHeaders(contact: directory.contact(local))
        // An offer in a reliable answer needs a caller who can answer it in a PRACK.
        let isAnswerable = !caller.invite.body.isEmpty || caller.takesReliably
        writer.extensions(
            settings, offersReliability: settings.reliability != .refused && isAnswerable)
        writer.append(headers)
        let bytes = writer.finish(passing: caller.invite, except: withheld)
        guard let message = SIPMessage(own: bytes) else { return nil }
        return OutgoingInvite(
            message: message, branch: branch, callID: callID, fromTag: tag,
            local: local, remote: remote)
    }

    /// The user part of a SIP URI, or the number of a tel URI as a user part.
    static func user(in uri: Bytes) -> Bytes {
        guard let parsed = SIPURI(uri) else { return [] }
        switch parsed.scheme {
        case .sip, .sips: return parsed.user ?? []
        case .tel: return parsed.opaque.prefix { ByteSet.user.contains($0) }
        case .other: return []
        }
    }

    static func sipURI(user: Bytes, host: [UInt8]) -> [UInt8] {
        var writer = MessageWriter(capacity: user.count + host.count + 8)
        writer.append("sip:")
        if !user.isEmpty {
            writer.append(user)
            writer.append("@")
        }
        writer.append(host)
        return writer.bytes
    }
}

extension Octets {
    /// Whether a port stands behind the host; the colons of IPv6 stand in brackets.
    var namesPort: Bool {
        bytes.last != UInt8(ascii: "]") && bytes.contains(UInt8(ascii: ":"))
    }
}

extension SIPMessage {
    /// A message that this agent wrote from one that it took. `nil` when that grew beyond what a
    /// message may be: more fields or bytes than anyone takes.
    init?(own bytes: [UInt8]) {
        guard let message = try? SIPMessage(parsing: bytes) else { return nil }
        self = message
    }
}
