import Foundation
import TestSupport
import Testing
import TrunkEvents

/// What programs read has the names that the documentation promises.
@Suite struct OutputNamesTests {
    private static let page =
        "\(Places.packageRoot)/Sources/Projections/Projections.docc/OutputNames.md"

    /// The rows `| command | names |` of the page.
    private func promises() throws -> [(command: [String], names: [String])] {
        let text = try String(contentsOfFile: Self.page, encoding: .utf8)
        return text.matches(of: /(?m)^\| `([^`]+)` \| `([^`]+)` \|$/).map { match in
            (
                match.1.split(separator: " ").map(String.init),
                match.2.split(separator: " ").map(String.init)
            )
        }
    }

    /// The command on a ledger with an answered call, and an invoice of it.
    private func ask(_ command: [String], csv: Bool) async throws -> Outcome {
        try await withProcesses { scope in
            let ledger = "\(scope.directory)/ledger"
            try await SampleLedger.write(to: ledger)
            let invoice = try scope.write(
                "Start Time,From,To,Duration,Cost\n"
                    + "2026-11-22 14:00:12,12125550100,12125550123,31,0.01\n", to: "a.csv")
            let places = ["ID": SampleLedger.answered.description, "FILE": invoice]
            let arguments = command.map { places[$0] ?? $0 }
            return try await scope.run(
                Places.trunkledger, arguments + (csv ? ["--format", "csv"] : [])
                    + ["--ledger", ledger])
        }
    }

    @Test func everyPromiseIsKept() async throws {
        let promises = try promises()
        #expect(promises.count == 17)
        for (command, names) in promises {
            let isObject = command.contains("json")
            let outcome = try await ask(command, csv: !isObject)
            #expect(outcome.errorOutput == "", "\(command)")
            if isObject {
                guard case .object(let fields) = try JSONValue(parsing: outcome.output) else {
                    Issue.record("\(command) prints no object")
                    continue
                }
                #expect(Set(fields.keys) == Set(names), "\(command)")
            } else {
                let header = try #require(outcome.output.split(whereSeparator: \.isNewline).first)
                #expect(header.split(separator: ",").map(String.init) == names, "\(command)")
            }
        }
    }
}
