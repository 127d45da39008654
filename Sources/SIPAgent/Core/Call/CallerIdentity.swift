import TrunkEvents

/// Who calls, as the dialer says.
struct CallerIdentity: Sendable {
    /// The user part of the caller's address, as it is written.
    let user: Bytes
    /// The name beside it.
    let display: Bytes?
    /// The caller does not want to be shown.
    let isPrivate: Bool
    /// Some header names the caller.
    let isKnown: Bool

    /// - Parameter sources: the headers to believe, the first that names a caller first.
    init(_ invite: SIPMessage, from sources: [CallerSource]) {
        let from = invite.from
        isPrivate = Self.asksForPrivacy(invite)
        for source in sources {
            let addresses =
                switch source {
                case .from: [from]
                case .assertedIdentity:
                    invite.values(of: .pAssertedIdentity).compactMap(NameAddress.init)
                case .remoteParty: invite.values(of: .remotePartyID).compactMap(NameAddress.init)
                }
            for address in addresses where !Self.isAnonymous(address) {
                let user = Switchboard.user(in: address.uriText)
                if user.isEmpty { continue }
                self.user = user
                display = address.display ?? from.display
                isKnown = true
                return
            }
        }
        user = Switchboard.user(in: from.uriText)
        display = from.display
        isKnown = false
    }

    /// RFC 3323 section 4.1.1.3: an anonymous From.
    static func isAnonymous(_ address: NameAddress) -> Bool {
        address.uri?.host.matches("anonymous.invalid") ?? false
    }

    private static func asksForPrivacy(_ invite: SIPMessage) -> Bool {
        if isAnonymous(invite.from) { return true }
        if let party = invite.first(.remotePartyID).flatMap(NameAddress.init),
            let privacy = party.parameters.value("privacy"), !privacy.matches("off")
        {
            return true
        }
        // RFC 3323 section 4.2: values are separated by semicolons, and `none` forbids them all.
        let wishes = (invite.first(.privacy) ?? []).split(separator: UInt8(ascii: ";"))
            .map(\.trimmed)
        return wishes.contains { $0.matches("id") || $0.matches("user") || $0.matches("header") }
            && !wishes.contains { $0.matches("none") }
    }
}

/// What one carrier gets to see of a caller.
struct CallerPresentation: Sendable {
    /// From without its tag.
    let fromURI: [UInt8]
    let display: Bytes?
    /// Headers of ours.
    let headers: [UInt8]
    /// Headers of the dialer's that stay behind.
    let withheld: HeaderSet

    private static let anonymous = Array("sip:anonymous@anonymous.invalid".utf8)

    /// - Parameter number: the caller's, as this trunk writes it.
    init(
        _ identity: CallerIdentity, number: [UInt8], invite: SIPMessage,
        on trunk: TrunkConfiguration, showsDisplay: Bool
    ) {
        let rules = trunk.caller
        let hides = identity.isPrivate && rules.privacy == .apply
        let isAnonymous = CallerIdentity.isAnonymous(invite.from)
        if hides {
            fromURI = Self.anonymous
            display = Bytes("Anonymous".utf8)
        } else if isAnonymous, rules.privacy == .pass, rules.sender == .caller {
            fromURI = Array(invite.from.uriText)
            display = showsDisplay ? invite.from.display : nil
        } else {
            let user = Self.sender(rules.sender, number, trunk)
            fromURI = Switchboard.sipURI(user: user[...], host: trunk.domain.bytes)
            display = showsDisplay && !isAnonymous ? identity.display : nil
        }
        var withheld: HeaderSet = []
        if rules.assertedIdentity != .pass { withheld.insert(.pAssertedIdentity) }
        if rules.remoteParty != .pass { withheld.insert(.remotePartyID) }
        if !rules.passesDiversion { withheld.insert(.diversion) }
        if rules.privacy != .pass { withheld.insert(.privacy) }
        self.withheld = withheld
        let shown = identity.isKnown ? number : Self.sender(rules.sender, [], trunk)
        headers = Self.headers(rules, shown, isPrivate: identity.isPrivate, trunk)
    }

    private static func sender(
        _ sender: CallerRules.Sender, _ number: [UInt8], _ trunk: TrunkConfiguration
    ) -> [UInt8] {
        switch sender {
        case .caller: number
        case .registered: trunk.registration?.user.bytes ?? number
        case .fixed(let fixed): fixed.bytes
        }
    }

    private static func headers(
        _ rules: CallerRules, _ number: [UInt8], isPrivate: Bool, _ trunk: TrunkConfiguration
    ) -> [UInt8] {
        let uri = Switchboard.sipURI(user: number[...], host: trunk.domain.bytes)
        let address = MessageWriter.nameAddress(uri: uri[...])
        return MessageWriter.lines { writer in
            if rules.assertedIdentity == .write, !number.isEmpty {
                writer.header(.pAssertedIdentity, address)
            }
            if rules.remoteParty == .write, !number.isEmpty {
                writer.startHeader(.remotePartyID)
                writer.append(address)
                let hides = isPrivate && rules.privacy == .apply
                writer.append(";party=calling;screen=yes;privacy=")
                writer.append(hides ? "full" : "off")
                writer.endLine()
            }
            if rules.privacy == .apply, isPrivate { writer.header(.privacy, "id") }
        }
    }
}
