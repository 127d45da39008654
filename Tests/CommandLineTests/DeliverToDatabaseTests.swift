import Foundation
import TestSupport
import Testing

/// `cdr deliver` to SQLite and PostgreSQL: exactly the rows, whatever happens on the way.
@Suite(.timeLimit(.minutes(2))) struct DeliverToDatabaseTests {
    private let seed = Seed(for: "DeliverToDatabaseTests")

    private func sqliteRows(_ path: String, _ bench: DeliveryBench) async throws -> [ComparedRow] {
        let script = """
            import json, sqlite3, sys
            base = sqlite3.connect(sys.argv[1])
            base.row_factory = sqlite3.Row
            for row in base.execute("SELECT * FROM trunkledger_cdr ORDER BY seq_last, cdr_id"):
                print(json.dumps(dict(row)))
            """
        let outcome = try await bench.scope.run("/usr/bin/python3", ["-c", script, path])
        #expect(outcome.succeeded, "\(outcome.errorOutput)")
        return try JSONValue.rows(outcome.output).map(ComparedRow.init)
    }

    private func postgresqlRows(_ server: PostgreSQLServer) async throws -> [ComparedRow] {
        let instant = #"'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'"#
        let fields = ComparedRow.columns.map { name in
            name.hasPrefix("t_")
                ? "'\(name)', to_char(\(name) AT TIME ZONE 'UTC', \(instant))"
                : "'\(name)', \(name)"
        }
        let rows = try await server.rows(
            "SELECT json_build_object(\(fields.joined(separator: ", "))) FROM trunkledger_cdr "
                + "ORDER BY seq_last, cdr_id")
        return try rows.map { ComparedRow(try JSONValue(parsing: $0)) }
    }

    private func sealed(_ bench: DeliveryBench) throws -> [ComparedRow] {
        try bench.sealedLines().map { ComparedRow(try JSONValue(parsing: $0)) }
    }

    @Test func sqliteHoldsTheRowsOfEveryBatchOnce() async throws {
        try await DeliveryBench.with(batches: 3) { bench in
            let path = "\(bench.scope.directory)/cdr.db"
            let first = try await bench.deliver(to: "sqlite:\(path)")
            #expect(first.succeeded, "\(first.errorOutput)")
            let arrived = try JSONValue.rows(first.output)
            #expect(arrived.map { $0["sequence"]?.int } == [1, 2, 3])
            #expect(arrived.map { $0["attempts"]?.int } == [1, 1, 1])
            #expect(try await sqliteRows(path, bench) == sealed(bench))
            #expect(try sealed(bench).count == 61)
            let again = try await bench.deliver(to: "sqlite:\(path)")
            #expect(again.succeeded && again.output == "")
            #expect(try await sqliteRows(path, bench) == sealed(bench))
            let facts = try await bench.events("exportDelivered")
            #expect(facts.map { $0["sequence"]?.int } == [1, 2, 3])
            #expect(facts.map { $0["row_count"]?.int } == [21, 20, 20])
            #expect(facts.first?["destination"]?.string == "sqlite:\(path)")
        }
    }

    @Test func aTableOfAnOlderVersionGetsTheColumnsItLacks() async throws {
        try await DeliveryBench.with(batches: 1) { bench in
            let path = "\(bench.scope.directory)/cdr.db"
            #expect(try await bench.deliver(to: "sqlite:\(path)").succeeded)
            let script = """
                import sqlite3, sys
                base = sqlite3.connect(sys.argv[1])
                for column in ["deck_sha256", "amount", "dialer_call_id"]:
                    base.execute("ALTER TABLE trunkledger_cdr DROP COLUMN " + column)
                base.execute("ALTER TABLE trunkledger_cdr ADD COLUMN note TEXT")
                base.commit()
                """
            let aged = try await bench.scope.run("/usr/bin/python3", ["-c", script, path])
            #expect(aged.succeeded, "\(aged.errorOutput)")
            try await bench.close(20..<40)
            let again = try await bench.deliver(to: "sqlite:\(path)")
            #expect(again.succeeded, "\(again.errorOutput)")
            let rows = try await sqliteRows(path, bench)
            #expect(rows.count == (try sealed(bench).count))
            #expect(rows.suffix(20) == (try sealed(bench)).suffix(20))
        }
    }

    @Test func sqliteKilledAnywhereHoldsExactlyTheRows() async throws {
        try await DeliveryBench.with { bench in
            let path = "\(bench.scope.directory)/cdr.db"
            try await bench.deliverKilled(to: "sqlite:\(path)", seed: seed)
            #expect(try await sqliteRows(path, bench) == sealed(bench), "\(seed)")
            let facts = try await bench.events("exportDelivered")
            #expect(Set(facts.compactMap { $0["sequence"]?.int }) == Set(1...12), "\(seed)")
        }
    }

    @Test func aDestinationThatIsDownIsToldOnceAndLosesNothing() async throws {
        try await DeliveryBench.with(batches: 2) { bench in
            let folder = "\(bench.scope.directory)/later"
            for _ in 0..<2 {
                let down = try await bench.deliver(
                    to: "sqlite:\(folder)/cdr.db", ["--give-up", "50ms"])
                #expect(down.status == .exited(74))
                #expect(down.errorOutput.contains("cannot be opened"))
            }
            let facts = try await bench.events("exportFailed")
            #expect(facts.map { $0["sequence"]?.int } == [1])
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false)
            #expect(try await bench.deliver(to: "sqlite:\(folder)/cdr.db").succeeded)
            #expect(try await sqliteRows("\(folder)/cdr.db", bench) == sealed(bench))
        }
    }

    @Test func aFollowerDeliversWhatIsClosedLater() async throws {
        try await DeliveryBench.with(batches: 1) { bench in
            let path = "\(bench.scope.directory)/cdr.db"
            let follower = try bench.start(to: "sqlite:\(path)", ["--follow"])
            try await eventually("the first batch is there") {
                follower.output.contains(#""sequence":1"#)
            }
            try await bench.close(20..<40)
            try await eventually("the second batch is there") {
                follower.output.contains(#""sequence":2"#)
            }
            follower.killNow()
            #expect(try await sqliteRows(path, bench) == sealed(bench))
        }
    }

    @Test func aLedgerThatIsNotTheOneDeliveredIsRefused() async throws {
        try await DeliveryBench.with(batches: 1) { bench in
            let path = "\(bench.scope.directory)/cdr.db"
            #expect(try await bench.deliver(to: "sqlite:\(path)").succeeded)
            let script = """
                import sqlite3, sys
                base = sqlite3.connect(sys.argv[1])
                base.execute("UPDATE trunkledger_delivery SET sha256 = 'another'")
                base.commit()
                """
            let changed = try await bench.scope.run("/usr/bin/python3", ["-c", script, path])
            #expect(changed.succeeded)
            try await bench.close(20..<40)
            let refused = try await bench.deliver(to: "sqlite:\(path)")
            #expect(refused.status == .exited(74))
            #expect(refused.errorOutput.contains("holds a batch 1 that this ledger does not"))
        }
    }

    @Test func postgreSQLKilledAnywhereHoldsExactlyTheRows() async throws {
        try await DeliveryBench.with { bench in
            let server = try await PostgreSQLServer(in: bench.scope)
            let down = try await bench.deliver(to: server.address, ["--give-up", "50ms"])
            #expect(down.status == .exited(74))
            #expect(try await bench.events("exportFailed").count == 1)
            try await server.start()
            try await bench.deliverKilled(to: server.address, seed: seed)
            #expect(try await postgresqlRows(server) == sealed(bench), "\(seed)")
            let facts = try await bench.events("exportDelivered")
            #expect(Set(facts.compactMap { $0["sequence"]?.int }) == Set(1...12), "\(seed)")
            #expect(facts.first?["destination"]?.string == "postgresql://postgres@/postgres")
        }
    }

    @Test func postgreSQLMayBreakOffWhileItIsDeliveredTo() async throws {
        try await DeliveryBench.with(batches: 6) { bench in
            let server = try await PostgreSQLServer(in: bench.scope)
            let first = try await server.start()
            let follower = try bench.start(to: server.address, ["--follow"])
            try await eventually("the first batch is there") {
                follower.output.contains(#""sequence":1"#)
            }
            first.signal(SIGQUIT)
            _ = try await first.wait(within: .seconds(20))
            try await server.start()
            try await bench.close(120..<140)
            try await eventually("the newest batch is there") {
                follower.output.contains(#""sequence":7"#)
            }
            #expect(try await postgresqlRows(server) == sealed(bench))
        }
    }
}
