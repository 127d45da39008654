internal import SIPAgent
internal import TrunkEvents

extension ConfigurationReader {
    /// Whom a trunk talks to.
    struct TrunkPeer {
        var server: SIPServer
        var transport: ServerName.Transport
        var domain: Octets
        var registration: RegistrationConfiguration?
        var outboundProxy: OutboundProxy?
        var place: ConfigurationPlace

        /// Where its calls come from unless the configuration says so itself.
        var sources: [Located<AddressRange>] {
            var addresses: [IPAddress] = []
            for case .endpoint(let endpoint) in servers where !addresses.contains(endpoint.address)
            {
                addresses.append(endpoint.address)
            }
            return addresses.map { Located(value: AddressRange(base: $0), place: place) }
        }

        private var servers: [SIPServer] {
            [server] + (registration?.backups ?? []) + (outboundProxy.map { [$0.server] } ?? [])
        }
    }

    /// `register` or `address`, one of them, and the ways there.
    mutating func readPeer(_ section: ConfigurationSection) -> TrunkPeer? {
        var peer = readAddress(section)
        let backups = readBackups(section, peer?.transport ?? .any)
        peer?.registration?.backups = backups
        let named = peer?.registration?.contacts ?? []
        let contacts = readContacts(section).filter { !named.contains($0) }
        peer?.registration?.contacts = named + contacts
        peer?.outboundProxy = readOutboundProxy(section)
        return peer
    }

    private mutating func readOutboundProxy(_ section: ConfigurationSection) -> OutboundProxy? {
        guard let node = findings.text("outbound_proxy", in: section),
            let target = findings.check("outbound_proxy", node, SIPTargetText.init),
            let server = server(target.place, target.written, at: node.place)
        else { return nil }
        return OutboundProxy(server: server, hostPort: target.place.uriHostPort)
    }

    /// They are reached as the first registrar is.
    private mutating func readBackups(
        _ section: ConfigurationSection, _ transport: ServerName.Transport
    ) -> [SIPServer] {
        guard let list = section["backup_registrars"] else { return [] }
        if section["register"] == nil {
            findings.add(
                "'backup_registrars' without 'register'; a trunk that does not register has "
                    + "another trunk beside it instead", at: list.place)
        }
        return findings.texts("backup_registrars", in: section).compactMap { node in
            findings.check("backup_registrars", node) { text throws(TextProblem) in
                try HostPort(text)
            }.flatMap { server($0, transport, at: node.place) }
        }
    }

    /// Whom the carrier shall call, beside the one that the string names.
    private mutating func readContacts(_ section: ConfigurationSection) -> [Octets] {
        guard let list = section["contacts"] else { return [] }
        if section["register"] == nil {
            findings.add(
                "'contacts' without 'register'; a carrier that knows our address calls any user "
                    + "there: take it out", at: list.place)
        }
        var contacts: [Octets] = []
        for node in findings.texts("contacts", in: section) {
            let contact = findings.check("contacts", node) { text throws(TextProblem) in
                try RegistrationString.contact(text)
            }
            if let contact, contacts.contains(Octets(contact)) {
                findings.add("'\(contact)' is written twice; keep one", at: node.place)
            } else if let contact {
                contacts.append(Octets(contact))
            }
        }
        if contacts.count > Self.contactsMax {
            findings.add(
                "\(contacts.count) contacts; a registration has \(Self.contactsMax) at most",
                at: list.place)
        }
        return contacts
    }

    /// A REGISTER with more would hardly fit into a datagram.
    private static let contactsMax = 8

    private mutating func readAddress(_ section: ConfigurationSection) -> TrunkPeer? {
        switch (section["register"], section["address"]) {
        case (nil, nil):
            findings.add(
                "a trunk without 'register' or 'address'; add 'register: user:secret@host:port' "
                    + "or, where the carrier knows our address, 'address: sip:host:port'",
                at: section.place)
            return nil
        case (_?, let address?):
            findings.add(
                "a trunk with both 'register' and 'address'; the registration names the address "
                    + "already: take 'address' out", at: address.place)
            return nil
        case (let register?, nil):
            return findings.single(register, "register").flatMap { registered($0) }
        case (nil, let address?):
            return findings.single(address, "address").flatMap { addressed($0) }
        }
    }

    private mutating func addressed(_ node: ConfigurationNode) -> TrunkPeer? {
        guard let target = findings.check("address", node, SIPTargetText.init),
            let server = server(target.place, target.written, at: node.place)
        else { return nil }
        return TrunkPeer(
            server: server, transport: target.written, domain: target.place.uriHost,
            place: node.place)
    }

    private mutating func registered(_ node: ConfigurationNode) -> TrunkPeer? {
        guard let parts = findings.check("register", node, RegistrationString.init) else {
            return nil
        }
        let secret = findings.check("register", node) { _ throws(TextProblem) in
            try SecretText.expand(
                parts.secret ?? "", directory: directory, surroundings: surroundings)
        }
        let server = server(parts.registrar, parts.written, at: node.place)
        guard let secret, let server else { return nil }
        var registration = RegistrationConfiguration(
            user: Octets(parts.user),
            credentials: Credentials(
                user: Octets(parts.authUser ?? parts.user), password: secret),
            contacts: parts.contact.map { [Octets($0)] } ?? [])
        if let seconds = parts.expirySeconds { registration.expires = .seconds(Int64(seconds)) }
        return TrunkPeer(
            server: server, transport: parts.written,
            domain: parts.domain.map { Octets($0) } ?? parts.registrar.uriHost,
            registration: registration, place: node.place)
    }

    mutating func readChannels(_ section: ConfigurationSection) -> ChannelLimits? {
        guard let node = findings.required("channels", in: section, example: "50") else {
            return nil
        }
        let total = findings.single(node, "channels").flatMap { node in
            findings.check("channels", node) { text throws(TextProblem) in
                try QuantityText.count(text, in: 1...100_000)
            }
        }
        let inbound = share("channels_in", of: total, in: section)
        let outbound = share("channels_out", of: total, in: section)
        let near = findings.text("near_cap", in: section).flatMap { node in
            findings.check("near_cap", node, QuantityText.percent)
        }
        let reserve = reserve(within: [total, outbound], in: section)
        return total.map {
            ChannelLimits(
                total: $0, inbound: inbound, outbound: outbound, emergencyReserve: reserve ?? 0,
                nearCapPercent: near)
        }
    }

    /// Channels that only emergency calls get: some must be left for the others.
    private mutating func reserve(
        within caps: [UInt32?], in section: ConfigurationSection
    ) -> UInt32? {
        guard let node = findings.text("reserved_emergency", in: section) else { return nil }
        return findings.check("reserved_emergency", node) { text throws(TextProblem) in
            let value = try QuantityText.count(text, in: 0...100_000)
            guard let least = caps.compactMap({ $0 }).min(), value >= least else { return value }
            throw TextProblem("\(value) leaves no channel for other calls; write less")
        }
    }

    /// A direction's own cap; more than the trunk has is a contradiction.
    private mutating func share(
        _ key: String, of total: UInt32?, in section: ConfigurationSection
    ) -> UInt32? {
        guard let node = findings.text(key, in: section) else { return nil }
        return findings.check(key, node) { text throws(TextProblem) in
            let value = try QuantityText.count(text, in: 0...100_000)
            guard let total, value > total else { return value }
            throw TextProblem(
                "\(value) is more than the trunk's \(total) channels; "
                    + "write \(total) or less")
        }
    }
}
