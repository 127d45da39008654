import TestSupport
import Testing

/// Exit statuses and the one line that says what happened and what to do.
@Suite struct ExitStatusTests {
    private func run(
        _ arguments: [String], environment: [String: String] = [:],
        files: [String: String] = [:]
    ) async throws -> Outcome {
        try await withProcesses { scope in
            for (name, text) in files { try scope.write(text, to: name) }
            return try await scope.run(
                Places.trunkledger, arguments,
                environment: ["TRUNKLEDGER_LEDGER": ""].merging(environment) { $1 })
        }
    }

    @Test(arguments: [
        (["dance"], "Unexpected argument 'dance'; see 'trunkledger --help'"),
        (["cdr", "show"], "Missing expected argument '<id>'; see 'trunkledger cdr show --help'"),
        (["agent"], "Missing expected argument '--config <file>'; see 'trunkledger agent --help'"),
        (
            ["status"],
            "no ledger is named; give --ledger DIR, set TRUNKLEDGER_LEDGER, or give --config FILE"
        ),
        (
            ["events", "--from", "soon", "--ledger", "x"],
            "'soon' after --from is no instant; write it like 2026-11-22 14:03, 14:03, -2h, now or "
                + "2026-11-22T14:03:00Z"
        ),
        (
            ["events", "--from", "now", "--to", "-2h", "--ledger", "x"],
            "--from lies after --to; swap them"
        ),
        (
            ["occupancy", "--tz", "Vienna", "--at", "now", "--ledger", "x"],
            "there is no time zone 'Vienna'; write it like America/New_York, UTC or +02:00"
        ),
        (
            ["occupancy", "--at", "now", "--to", "now", "--ledger", "x"],
            "--at goes without --from and --to; see 'trunkledger occupancy --help'"
        ),
        (
            ["uptime", "--minimum-outage", "5", "--ledger", "x"],
            "The value '5' is invalid for '--minimum-outage <span>'; a span looks like 30s, 5m or "
                + "1h30m; see 'trunkledger uptime --help'"
        ),
        (
            ["cdr", "list", "--disposition", "FINE", "--ledger", "x"],
            "The value 'FINE' is invalid for '--disposition <disposition>'; it is one of ANSWERED, "
                + "BUSY, NO_ANSWER, CANCELLED, CARRIER_FULL, REJECTED, FAILED; see "
                + "'trunkledger cdr list --help'"
        ),
        (
            ["cdr", "show", "nonsense", "--ledger", "x"],
            "'nonsense' is no id of a call record; it looks like pbx1-4711, a call id has 16 "
                + "hexadecimal digits"
        ),
    ])
    func wrongUsageIs64(arguments: [String], line: String) async throws {
        let outcome = try await run(arguments)
        #expect(outcome.status == .exited(64))
        #expect(outcome.errorOutput == "trunkledger: \(line)\n")
        #expect(outcome.output == "")
    }

    @Test(arguments: [
        ["status"], ["occupancy"], ["uptime"], ["cdr", "list"], ["cdr", "export"], ["events"],
        ["verify"], ["rebuild"], ["checkpoint"], ["prove", "1"], ["evidence", "--call", "a-1"],
        ["replay", "--call", "a-1"], ["replay", "--from", "-1h"], ["seal"],
    ])
    func aMissingLedgerIs69(query: [String]) async throws {
        let outcome = try await run(query, environment: ["TRUNKLEDGER_LEDGER": "/nowhere/ledger"])
        #expect(outcome.status == .exited(69))
        #expect(outcome.errorOutput.hasPrefix("trunkledger: "))
        #expect(outcome.errorOutput.contains("/nowhere/ledger"))
        #expect(outcome.errorOutput.split(separator: "\n").count == 1)
    }

    @Test func aWrongConfigurationIs65ForTheAgentAnd1ForTheCheck() async throws {
        let files = ["t.yaml": "node: a\nledgr: b\nlisten: udp://127.0.0.1\nroute: []\n"]
        let agent = try await run(["agent", "--config", "t.yaml"], files: files)
        #expect(agent.status == .exited(65))
        #expect(
            agent.errorOutput == "trunkledger: t.yaml:2:1: unknown key 'ledgr' in the "
                + "configuration; did you mean 'ledger'? (and 1 more: 'trunkledger config check' "
                + "lists them)\n")
        let check = try await run(["config", "check", "--config", "t.yaml"], files: files)
        #expect(check.status == .exited(1))
        #expect(
            check.errorOutput == """
                t.yaml:2:1: unknown key 'ledgr' in the configuration; did you mean 'ledger'?
                t.yaml:4:1: unknown key 'route' in the configuration; did you mean 'routes'?

                """)
        let json = try await run(
            ["config", "check", "--config", "t.yaml", "--format", "json"], files: files)
        #expect(json.status == .exited(1))
        #expect(json.output.hasPrefix(#"{"problems":[{"file":"t.yaml","line":2,"column":1,"#))
    }

    @Test func anImportPrintsWhatTheCheckAccepts() async throws {
        let peer = "[alpha]\ntype=peer\nhost=198.51.100.4\n"
        let files = ["sip.conf": peer, "empty.conf": "[general]\n"]
        let found = try await run(["config", "import", "--asterisk", "sip.conf"], files: files)
        #expect(found.succeeded && found.errorOutput == "")
        let check = try await run(
            ["config", "check", "--config", "t.yaml"], files: ["t.yaml": found.output])
        #expect(check.succeeded, "\(check.errorOutput)")
        let none = try await run(["config", "import", "--asterisk", "empty.conf"], files: files)
        #expect(none.status == .exited(65) && none.output == "")
        #expect(none.errorOutput.hasPrefix("trunkledger: no carrier is in empty.conf: "))
    }

    @Test func aMissingConfigurationIs74() async throws {
        for command in [["agent"], ["config", "check"], ["status"]] {
            let outcome = try await run(command + ["--config", "nowhere.yaml"])
            #expect(outcome.status == .exited(74))
            #expect(
                outcome.errorOutput == "trunkledger: cannot read the configuration nowhere.yaml: "
                    + "No such file or directory; give its path with --config\n")
        }
    }

    @Test func aGoodConfigurationIsShownWithoutItsSecrets() async throws {
        let text = """
            node: pbx1
            ledger: ./ledger
            listen: udp://127.0.0.1:5062
            dialers: [{name: vicidial, match: 127.0.0.2, auth: "joe:${TL_SECRET}"}]
            carriers:
              - name: alpha
                trunks:
                  - {name: alpha-1, register: "joe:pa55word@127.0.0.3", channels: 50}
            """
        for format in ["table", "json"] {
            let outcome = try await run(
                ["config", "check", "--config", "t.yaml", "--format", format],
                environment: ["TL_SECRET": "pa55word2"], files: ["t.yaml": text])
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            #expect(outcome.output.contains("alpha-1"))
            #expect(!outcome.output.contains("pa55word"))
        }
    }

    @Test func helpAndVersionAreNoErrors() async throws {
        for arguments in [["--help"], ["--version"], ["help", "cdr", "list"], ["cdr", "--help"]] {
            let outcome = try await run(arguments)
            #expect(outcome.succeeded)
            #expect(!outcome.output.isEmpty)
            #expect(outcome.errorOutput == "")
        }
    }
}
