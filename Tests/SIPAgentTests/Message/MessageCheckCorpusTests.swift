import Foundation
import TestSupport
import Testing

@testable import SIPAgent

/// RFC 4475's own messages, where the shared folder has them; `MessageCheckTests` covers their
/// kinds everywhere.
struct MessageCheckCorpusTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var isValid: Bool
        var expected: String
        var kind: String
        var testDescription: String { name }
    }

    static let folder = Places.shared("corpus/rfc4475")

    static let rows: [Row] = {
        guard let folder,
            let table = try? String(contentsOfFile: folder + "/MANIFEST.tsv", encoding: .utf8)
        else { return [] }
        return table.split(separator: "\n").dropFirst().map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(
                String.init)
            return Row(
                name: columns[0], isValid: columns[1] == "valid", expected: columns[2],
                kind: columns[4])
        }
    }()

    static func datagram(_ name: String) throws -> [UInt8] {
        let folder = try #require(folder)
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).dat")))
    }

    @Test(.enabled(if: folder != nil))
    func theManifestHasAllMessages() {
        #expect(Self.rows.count == 49)
    }

    @Test(arguments: rows)
    func isTreatedAsTheManifestSays(_ row: Row) throws {
        let datagram = try Self.datagram(row.name)
        let treatment = Treatment(of: datagram)
        #expect(
            Self.allowed(row).contains(treatment.description), "\(treatment) for \(row.expected)")
        if row.isValid { #expect(throws: Never.self) { try SIPMessage(parsing: datagram) } }
    }

    /// "accept", "drop" and the status codes that `expected` names; a method that we know and do
    /// not serve may always be answered with 405.
    private static func allowed(_ row: Row) -> Set<String> {
        var allowed = Set(row.expected.matches(of: /[1-6]\d\d/).map { String($0.output) })
        if row.expected.contains("accept") || row.expected.contains("ignore") {
            allowed.insert("accept")
        }
        if row.expected.contains("drop") { allowed.insert("drop") }
        if ["request:REGISTER", "request:MESSAGE"].contains(row.kind), row.isValid {
            allowed = ["405"]
        }
        return allowed
    }

    /// The archive's own file lacks the empty line (see its ORIGIN.md); with it, the fault is the
    /// name.
    @Test(.enabled(if: folder != nil))
    func badDisplayNameIsTheFaultOnceTheHeadersEnd() throws {
        let datagram = try Self.datagram("baddn") + [13, 10]
        guard case .malformedRequest(let request) = ParseOutcome(parsing: datagram) else {
            Issue.record("taken or dropped")
            return
        }
        #expect(request.fault == .invalid(.from))
    }

    @Test(.enabled(if: folder != nil))
    func tortuousInviteReadsRight() throws {
        let invite = try SIPMessage(parsing: try Self.datagram("wsinv"))
        #expect(text(invite.from.display) == "J Rosenberg \\\"")
        #expect(text(invite.to.tag) == "1918181833n")
        #expect(invite.maxForwards == 68)
        #expect(invite.cseq.number == 9)
        #expect(
            invite.index.values(of: .via).compactMap(Via.init).map { text($0.host) } == [
                "192.0.2.2", "spindle.example.com", "192.168.255.111",
            ])
        #expect(text(invite.first(named: bytes("UnknownHeaderWithUnusualValue"))) == ";;,,;;,;")
        #expect(text(invite.contact?.parameters.value("newparam")) == "newvalue")
        #expect(invite.body.count == 150)
    }

    @Test(.enabled(if: folder != nil))
    func escapesAreUndoneOnce() throws {
        let invite = try SIPMessage(parsing: try Self.datagram("esc01"))
        let contact = try #require(invite.contact?.uri)
        #expect(text(contact.parameter("name")?.percentDecoded) == "value%41")
        let options = try SIPMessage(parsing: try Self.datagram("semiuri"))
        let uri = try #require(options.requestURI.flatMap(SIPURI.init))
        #expect(text(uri.user?.percentDecoded) == "user;par=u@example.net")
        #expect(text(uri.host) == "example.com")
    }

    /// 32 random cuts and flips of every message: no outcome may crash, and none may change what
    /// the index promises.
    @Test(.enabled(if: folder != nil))
    func damageNeverCrashes() throws {
        var random = Seed(for: "damageNeverCrashes").generator()
        for row in Self.rows {
            let whole = try Self.datagram(row.name)
            for _ in 0..<32 {
                var damaged = Array(whole.prefix(Int.random(in: 0...whole.count, using: &random)))
                for _ in 0..<Int.random(in: 0...4, using: &random) where !damaged.isEmpty {
                    let position = Int.random(in: 0..<damaged.count, using: &random)
                    damaged[position] = UInt8.random(in: 0...255, using: &random)
                }
                exercise(damaged)
            }
        }
    }
}
