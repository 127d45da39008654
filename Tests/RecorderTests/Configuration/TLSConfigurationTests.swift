import Foundation
import SIPAgent
import TestSupport
import Testing
import TrunkEvents

@testable import Recorder

private let secured = sampleConfiguration.replacingOccurrences(
    of: "listen: [udp://127.0.0.1:5062]",
    with: "listen: [udp://127.0.0.1:5062, tls://127.0.0.1]")

/// Files by their paths.
private func read(
    _ text: String, _ files: [String: [UInt8]] = [:]
) throws(ConfigurationError) -> RecorderConfiguration {
    var surroundings = sampleSurroundings
    surroundings.contents = { path throws(FileProblem) in
        guard let bytes = files[path] else { throw FileProblem(reason: "No such file") }
        return bytes
    }
    return try RecorderConfiguration.parse(text, file: "t.yaml", surroundings: surroundings)
}

private func problems(_ text: String, _ files: [String: [UInt8]] = [:]) -> [String] {
    do throws(ConfigurationError) {
        _ = try read(text, files)
        return []
    } catch {
        return error.description.split(separator: "\n").map(String.init)
    }
}

@Test func aTLSListenerNeedsItsFiles() {
    #expect(
        problems(secured) == [
            "t.yaml:3:9: a tls listener without 'tls'; add 'tls: {certificate: FILE, key: FILE}'"
        ])
    let missing = problems(secured + "tls: {certificate: a.pem, key: a.key}\n")
    #expect(
        missing == [
            "t.yaml:43:20: certificate: the file a.pem cannot be read: No such file",
            "t.yaml:43:32: key: the file a.key cannot be read: No such file",
        ])
    let empty = problems(
        secured + "tls: {certificate: a.pem, key: a.key, minimum: \"1.1\"}\n",
        ["a.pem": [], "a.key": []])
    #expect(
        empty == [
            "t.yaml:43:20: certificate: 'a.pem': it holds no certificate (PEM)",
            "t.yaml:43:48: minimum: '1.1' is no safe version of TLS; write \"1.2\" or \"1.3\"",
        ])
    let unused = problems(sampleConfiguration + "tls: {certificate: a.pem, key: a.key}\n")
    #expect(unused.contains { $0.hasPrefix("t.yaml:43:6: 'tls' without a tls listener") })
}

@Test func peersAreKnownByTheHostsTheyWereWrittenAs() async throws {
    try await withProcesses { scope in
        let certificates = try await Certificates(scope)
        let pair = try await certificates.issue("pbx1", for: ["DNS:pbx1.example"])
        let files = try [
            "a.pem": Array(Data(contentsOf: URL(fileURLWithPath: pair.certificate))),
            "a.key": Array(Data(contentsOf: URL(fileURLWithPath: pair.key))),
        ]
        let text = secured.replacingOccurrences(
            of: "sip:127.0.0.4:5080", with: "sips:127.0.0.9"
        ).replacingOccurrences(of: "127.0.0.3:5070", with: "127.0.0.3;transport=tls")
        let tls = "tls: {certificate: a.pem, key: a.key, verify_clients: yes, minimum: \"1.3\"}\n"
        let settings = try #require(try read(text + tls, files).tls)
        #expect(settings.verifiesClients && settings.minimum == .v13)
        let names = settings.peerNames.map { "\($0.key) \($0.value)" }.sorted()
        #expect(names == ["tls:127.0.0.3:5061 127.0.0.3", "tls:127.0.0.9:5061 127.0.0.9"])
    }
}
