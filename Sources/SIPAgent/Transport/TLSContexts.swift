import NIOSSL
import TrunkEvents

/// Certificates and key, read and checked, in the form that connections take them.
public struct TLSContexts: Sendable {
    let server: NIOSSLContext
    let client: NIOSSLContext
    let peerNames: [Endpoint: Octets]

    public init(_ settings: TLSSettings) throws(TLSProblem) {
        let chain = try Self.certificates(settings.certificates, .certificate)
        guard let key = try? NIOSSLPrivateKey(bytes: settings.key.pem.bytes, format: .pem) else {
            throw TLSProblem(part: .key, reason: "it holds no private key (PEM, not encrypted)")
        }
        var roots = NIOSSLTrustRoots.default
        if let authorities = settings.authorities {
            roots = .certificates(try Self.certificates(authorities, .authorities))
        }
        let minimum: TLSVersion = settings.minimum == .v13 ? .tlsv13 : .tlsv12
        var server = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        server.minimumTLSVersion = minimum
        server.trustRoots = roots
        // Whoever calls is known by its address; the certificate says that an authority knows it.
        server.certificateVerification = settings.verifiesClients ? .noHostnameVerification : .none
        var client = TLSConfiguration.makeClientConfiguration()
        client.minimumTLSVersion = minimum
        client.trustRoots = roots
        client.certificateChain = chain.map { .certificate($0) }
        client.privateKey = .privateKey(key)
        // The name is checked as RFC 5922 has it, which is not the Web's way.
        client.certificateVerification = .noHostnameVerification
        do {
            self.server = try NIOSSLContext(configuration: server)
            self.client = try NIOSSLContext(configuration: client)
        } catch {
            throw TLSProblem(part: .key, reason: "it does not belong to the certificate")
        }
        peerNames = settings.peerNames
    }

    private static func certificates(
        _ pem: Octets, _ part: TLSProblem.Part
    ) throws(TLSProblem) -> [NIOSSLCertificate] {
        let found = (try? NIOSSLCertificate.fromPEMBytes(pem.bytes)) ?? []
        guard !found.isEmpty else {
            throw TLSProblem(part: part, reason: "it holds no certificate (PEM)")
        }
        return found
    }

    /// The name goes along in the clear (SNI), where it is one: addresses may not (RFC 6066).
    func handler(towards name: Octets?) throws -> NIOSSLClientHandler {
        let host = name.flatMap { IPAddress(host: $0.bytes[...]) == nil ? $0.description : nil }
        return try NIOSSLClientHandler(context: client, serverHostname: host)
    }

    /// The name that `remote` must show: the one it was configured under; where only another port
    /// of its address was, that one's; else its address.
    func name(of remote: Endpoint) -> Octets {
        peerNames[remote]
            ?? peerNames.filter { $0.key.address == remote.address }
            .min { $0.key.port < $1.key.port }?.value
            ?? Octets(remote.address.description)
    }
}

/// What is wrong with one of the files.
public struct TLSProblem: Error, Hashable, Sendable {
    public enum Part: Hashable, Sendable {
        case certificate
        case key
        case authorities
    }

    public let part: Part
    public let reason: String
}

extension PeerIdentity {
    /// The subjectAltName of a certificate whose chain was verified.
    init(_ certificate: NIOSSLCertificate) {
        self.init()
        for name in certificate._subjectAlternativeNames() {
            let text = Array(name.contents)
            switch name.nameType {
            case .uri: uris.append(text)
            case .dnsName: dnsNames.append(text)
            case .ipAddress: addresses.append(text)
            default: break
            }
        }
    }
}
