import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

/// What is made of an Asterisk's configuration, read back as ours.
@Suite struct AsteriskImportTests {
    /// The trunks as `config check` understands them, and the remarks.
    private func imported(
        _ files: String...
    ) throws -> (trunks: [RecorderConfiguration.ShownTrunk], remarks: [String]) {
        var found = AsteriskImport()
        for (index, text) in files.enumerated() { found.add(text, file: "\(index).conf") }
        let configuration = try parse(found.yaml)
        return (configuration.shownTrunks, found.remarks)
    }

    @Test func aRegistrationAndItsPeerAreOneTrunk() throws {
        let (trunks, remarks) = try imported(
            """
            [general]
            register => alpha?2125550100:se"cr@t:auth1@198.51.100.3:5070/2125550100~600

            [alpha]
            type=friend
            host=198.51.100.3
            port=5070
            defaultuser=2125550100
            secret=se"cr@t
            call-limit=40

            [beta](!)
            type=peer
            [beta-1](beta)
            host=198.51.100.4

            [101]
            type=friend
            host=dynamic
            """)
        #expect(
            trunks == [
                .init("alpha", "udp:198.51.100.3:5070", user: "2125550100", channels: 40),
                .init("beta-1", "udp:198.51.100.4:5060", channels: 30),
            ])
        #expect(
            remarks == ["0.conf:17: [101] registers with Asterisk: a phone, no carrier"])
    }

    /// The Registration String and the Account Entry of a VICIdial carrier, pasted one after the
    /// other.
    @Test func aVICIdialCarrier() throws {
        let (trunks, remarks) = try imported(
            """
            register => user:pass@198.51.100.5:5060
            [gammacarrier]
            disallow=all
            allow=ulaw
            type=friend
            username=user
            secret=pass
            host=198.51.100.5
            dtmfmode=rfc2833
            context=trunkinbound
            """)
        #expect(
            trunks == [.init("gammacarrier", "udp:198.51.100.5:5060", user: "user", channels: 30)])
        #expect(remarks == [])
    }

    /// The extension that the carrier calls is the registration's contact here too.
    @Test func theContactOfARegistrationIsTakenOver() throws {
        var found = AsteriskImport()
        found.add("register => 100:secret@198.51.100.3/4000~600", file: "sip.conf")
        found.add(
            """
            [beta]
            type=registration
            server_uri=sip:198.51.100.4
            client_uri=sip:101@198.51.100.4
            contact_user=4001
            """, file: "pjsip.conf")
        let registrations = try parse(found.yaml).agent.trunks.map { $0.registration }
        #expect(registrations.map { $0?.contacts } == [["4000"], ["4001"]])
        #expect(registrations.first??.expires == .seconds(600))
    }

    @Test func pjsipsObjectsAreJoined() throws {
        let (trunks, remarks) = try imported(
            """
            [transport-udp]
            type=transport

            [alpha]
            type=registration
            outbound_auth=alpha-auth
            server_uri=sip:198.51.100.3:5070
            client_uri=sip:2125550100@198.51.100.3:5070
            expiration=300
            endpoint=alpha

            [alpha-auth]
            type=auth
            username=2125550100
            password=secret

            [alpha]
            type=aor
            contact=sip:198.51.100.3:5070

            [alpha]
            type=endpoint
            aors=alpha

            [beta]
            type=endpoint
            aors=beta
            [beta]
            type=aor
            contact=sip:198.51.100.4\\;transport=tcp
            [beta-identify]
            type=identify
            endpoint=beta
            match=203.0.113.0/24,sip.beta.example

            [101]
            type=endpoint
            aors=101
            [101]
            type=aor
            max_contacts=1
            """)
        #expect(
            trunks == [
                .init("alpha", "udp:198.51.100.3:5070", user: "2125550100", channels: 30),
                .init("beta", "tcp:198.51.100.4:5060", channels: 30, match: ["203.0.113.0/24"]),
            ])
        #expect(
            remarks == [
                "0.conf:36: [101] has no fixed contact: a phone, no carrier"
            ])
    }

    /// In a registration string a colon would end the secret.
    @Test func aPasswordWithAColonGoesIntoTheEnvironment() {
        var found = AsteriskImport()
        found.add(
            """
            [alpha]
            type=registration
            outbound_auth=alpha
            server_uri=sip:198.51.100.3
            client_uri=sip:joe@198.51.100.3
            [alpha]
            type=auth
            password=se:cret
            """, file: "pjsip.conf")
        #expect(found.yaml.contains("register: \"joe:${ALPHA_SECRET}@198.51.100.3\"\n"))
        #expect(
            found.remarks == [
                "pjsip.conf:1: the password of [alpha] has a colon: put it into the environment as "
                    + "ALPHA_SECRET"
            ])
    }

    @Test func namesStayApartAndWhatIsNotReadIsTold() throws {
        let peer = "[alpha]\ntype=peer\nhost=198.51.100.4\n#include more.conf\nregister => nobody\n"
        let (trunks, remarks) = try imported(peer, "[alpha]\ntype=peer\nhost=198.51.100.9\n")
        #expect(trunks.map(\.name) == ["alpha", "alpha-2"])
        #expect(
            remarks == [
                "0.conf:4: 'more.conf' is not read; give it with --asterisk",
                "0.conf:5: this registration is left out: this is no registration string; write it "
                    + "like user:secret@host:port",
            ])
    }
}

extension RecorderConfiguration {
    struct ShownTrunk: Hashable {
        var name: String
        var server: String
        var user: String?
        var channels: UInt32
        var match: [String]

        init(
            _ name: String, _ server: String, user: String? = nil, channels: UInt32,
            match: [String]? = nil
        ) {
            self.name = name
            self.server = server
            self.user = user
            self.channels = channels
            self.match = match ?? [String(server.split(separator: ":")[1])]
        }
    }

    fileprivate var shownTrunks: [ShownTrunk] {
        agent.trunks.map { trunk in
            ShownTrunk(
                trunk.name.description, "\(trunk.server)",
                user: trunk.registration?.user.description, channels: trunk.channels.total,
                match: trunk.sources.map(\.description))
        }
    }
}
