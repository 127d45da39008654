import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

@Suite(.timeLimit(.minutes(1))) struct TLSContextsTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private static let loopback = Endpoint(
        transport: .tls, address: IPAddress(v4: 0x7F00_0001), port: 0)
    private static let request = Wire.request("OPTIONS", branch: "z9hG4bK1")

    private func contents(_ path: String) throws -> Octets {
        Octets(try String(contentsOfFile: path, encoding: .utf8))
    }

    private func contexts(
        _ pair: Certificates.Pair, of authority: Certificates.Pair, verifiesClients: Bool = false,
        names: [Endpoint: Octets] = [:], minimum: TLSMinimum = .v12
    ) throws -> TLSContexts {
        try TLSContexts(
            TLSSettings(
                certificates: contents(pair.certificate), key: contents(pair.key),
                authorities: contents(authority.certificate), minimum: minimum,
                verifiesClients: verifiesClients, peerNames: names))
    }

    private func station(_ contexts: TLSContexts) async throws -> StreamStation {
        try await StreamStation.open(Self.loopback, securedBy: contexts, on: loop)
    }

    /// What a client that expects `name` makes of a server's certificate: `nil`, or why not.
    private func outcome(_ server: StreamStation, _ contexts: TLSContexts) async throws -> String? {
        let client = try await station(contexts)
        try await client.send(Self.request, to: server.endpoint)
        var reason: String?
        search: for await event in client.events {
            switch event {
            case .connected:
                #expect(await server.messages(1).map(\.bytes) == [Self.request])
                break search
            case .cannotConnect(_, let why): reason = why
            case .undelivered(let messages):
                #expect(messages.map(\.bytes) == [Self.request])
                break search
            case .received: break
            }
        }
        try await client.close()
        return reason
    }

    @Test func aPeerMustShowTheNameItWasConfiguredUnder() async throws {
        try await withProcesses { scope in
            let trusted = try await Certificates(scope)
            let pair = try await trusted.issue("server", for: ["DNS:carrier.test"])
            let server = try await station(contexts(pair, of: trusted.authority))
            let right = try contexts(
                pair, of: trusted.authority, names: [server.endpoint: "carrier.test"],
                minimum: .v13)
            #expect(try await outcome(server, right) == nil)
            let wrong = try contexts(
                pair, of: trusted.authority, names: [server.endpoint: "other.test"])
            #expect(
                try await outcome(server, wrong) == "its certificate is not for other.test")
            // Unnamed: it must be for the address.
            let unnamed = try contexts(pair, of: trusted.authority)
            #expect(
                try await outcome(server, unnamed) == "its certificate is not for 127.0.0.1")
            let other = try await Certificates(scope, named: "other")
            let distrustful = try contexts(
                pair, of: other.authority, names: [server.endpoint: "carrier.test"])
            #expect(try await outcome(server, distrustful) != nil)
            try await server.close()
        }
    }

    @Test func whoeverConnectsMayHaveToShowACertificate() async throws {
        try await withProcesses { scope in
            let trusted = try await Certificates(scope)
            let other = try await Certificates(scope, named: "other")
            let pair = try await trusted.issue("server", for: ["IP:127.0.0.1"])
            let stranger = try await other.issue("stranger", for: ["IP:127.0.0.1"])
            let server = try await station(
                contexts(pair, of: trusted.authority, verifiesClients: true))
            #expect(try await outcome(server, contexts(pair, of: trusted.authority)) == nil)
            // In TLS 1.3 the client has finished before the server refuses it: it gets no answer,
            // and the server no message.
            let client = try await station(contexts(stranger, of: trusted.authority))
            try await client.send(Self.request, to: server.endpoint)
            try await eventually("the connection is gone") {
                try await client.connectionCount == 0
            }
            try await client.close()
            try await server.close()
        }
    }

    @Test func anotherCertificateIsShownToTheNextPeer() async throws {
        try await withProcesses { scope in
            let trusted = try await Certificates(scope)
            let old = try await trusted.issue("old", for: ["DNS:old.test"])
            let new = try await trusted.issue("new", for: ["DNS:new.test"])
            let server = try await station(contexts(old, of: trusted.authority))
            let client = try contexts(
                old, of: trusted.authority, names: [server.endpoint: "new.test"])
            #expect(try await outcome(server, client) == "its certificate is not for new.test")
            try await server.secure(with: contexts(new, of: trusted.authority))
            #expect(try await outcome(server, client) == nil)
            try await server.close()
        }
    }

    @Test func filesThatDoNotFitAreNamed() async throws {
        try await withProcesses { scope in
            let trusted = try await Certificates(scope)
            let pair = try await trusted.issue("server", for: ["DNS:a.test"])
            let certificates = try contents(pair.certificate)
            let key = try contents(pair.key)
            func part(_ settings: TLSSettings) -> TLSProblem.Part? {
                do throws(TLSProblem) { _ = try TLSContexts(settings) } catch { return error.part }
                return nil
            }
            #expect(part(TLSSettings(certificates: certificates, key: key)) == nil)
            #expect(part(TLSSettings(certificates: key, key: key)) == .certificate)
            #expect(part(TLSSettings(certificates: certificates, key: certificates)) == .key)
            let foreign = try contents(trusted.authority.key)
            #expect(part(TLSSettings(certificates: certificates, key: foreign)) == .key)
            #expect(
                part(TLSSettings(certificates: certificates, key: key, authorities: key))
                    == .authorities)
            #expect(!"\(TLSSettings(certificates: certificates, key: key))".contains("PRIVATE"))
        }
    }
}
