import ArgumentParser
import Foundation

/// Processor time per completed call, the agent beside Kamailio, under the same SIPp load.
struct SIPBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sip", abstract: "Processor time per call, beside Kamailio.")

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "Calls a second.")
    var rate = 300

    @Option(help: "Seconds of load a run.")
    var seconds: Int?

    @Option(help: "Where the ledger goes; the disk to measure on.")
    var directory = FileManager.default.currentDirectoryPath

    func run() throws {
        let scratch = URL(fileURLWithPath: "\(directory)/bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }

        let span = seconds ?? (options.quick ? 5 : 20)
        let load = CallLoad(scratch: scratch, rate: rate, calls: rate * span)
        try load.writeScenarios()
        var ours: [LoadResult] = []
        var theirs: [LoadResult] = []
        for _ in 0..<(options.quick ? 1 : 3) {
            theirs.append(try load.run(through: KamailioElement(scratch: scratch)))
            ours.append(try load.run(through: AgentElement(scratch: scratch)))
        }
        let measure = Measure(
            "CPU a completed call at \(rate)/s", median(ours.map(\.microsecondsPerCall)),
            unit: "us", peer: "Kamailio, dialog + acc", median(theirs.map(\.microsecondsPerCall)),
            bar: .atMost(2.0))
        try Report.print(
            [measure], context: context(span, ours, theirs), json: options.json)
    }

    private func context(_ span: Int, _ ours: [LoadResult], _ theirs: [LoadResult]) -> [String] {
        let failed = { (results: [LoadResult]) in results.map(\.failedCalls).reduce(0, +) }
        return [
            "\(ours.count) runs of \(rate * span) calls at \(rate)/s, 1 s hold, UDP on loopback",
            "failed calls: ours \(failed(ours)), Kamailio's \(failed(theirs))",
            "Kamailio: stateful proxy, dialog, acc CDR to log, -x fm -X fm, no durable store",
        ]
    }
}

/// What SIPp calls through.
protocol SIPElement {
    func arguments(listen: Int, callee: Int) throws -> (program: String, arguments: [String])
}

struct KamailioElement: SIPElement {
    let scratch: URL

    func arguments(listen: Int, callee: Int) throws -> (program: String, arguments: [String]) {
        let file = scratch.appendingPathComponent("kamailio.cfg")
        try configuration(listen: listen, callee: callee)
            .write(to: file, atomically: true, encoding: .utf8)
        return (
            "/usr/sbin/kamailio",
            ["-DD", "-E", "-x", "fm", "-X", "fm", "-m", "512", "-f", file.path,
             "-Y", scratch.path]
        )
    }

    private func configuration(listen: Int, callee: Int) -> String {
        """
        debug=2
        log_stderror=yes
        children=2
        listen=udp:127.0.0.1:\(listen)
        auto_aliases=no
        loadmodule "tm.so"
        loadmodule "sl.so"
        loadmodule "rr.so"
        loadmodule "pv.so"
        loadmodule "maxfwd.so"
        loadmodule "textops.so"
        loadmodule "siputils.so"
        loadmodule "dialog.so"
        loadmodule "acc.so"
        modparam("acc", "cdr_enable", 1)
        modparam("acc", "cdr_log_enable", 1)
        modparam("acc", "cdr_start_on_confirmed", 1)
        request_route {
            if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
            if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
            if (has_totag()) {
                if (loose_route()) { t_relay(); exit; }
                if (is_method("ACK")) { if (t_check_trans()) { t_relay(); } exit; }
                sl_send_reply("481", "No Such Call");
                exit;
            }
            t_check_trans();
            if (!is_method("INVITE")) { sl_send_reply("405", "Method Not Allowed"); exit; }
            dlg_manage();
            record_route();
            $du = "sip:127.0.0.4:\(callee)";
            t_relay();
        }
        """
    }
}

struct AgentElement: SIPElement {
    let scratch: URL

    func arguments(listen: Int, callee: Int) throws -> (program: String, arguments: [String]) {
        guard let program = ProcessInfo.processInfo.environment["TRUNKLEDGER"] else {
            throw CleanExit.message("TRUNKLEDGER names no binary; start this through tools/bench")
        }
        let ledger = scratch.appendingPathComponent("ledger")
        try? FileManager.default.removeItem(at: ledger)
        let file = scratch.appendingPathComponent("agent.yaml")
        let configuration = """
            node: bench
            ledger: \(ledger.path)
            listen: [udp://127.0.0.1:\(listen)]
            dialers:
              - name: dialer
                match: [127.0.0.2]
                contact: sip:127.0.0.2:5060
            carriers:
              - name: carrier
                trunks:
                  - name: carrier-1
                    address: sip:127.0.0.4:\(callee)
                    channels: 100000
                    qualify: off
            routes:
              - prefix: "+"
                trunks: [carrier-1]
            numbers:
              country: "1"
            """
        try configuration.write(to: file, atomically: true, encoding: .utf8)
        return (program, ["agent", "--config", file.path])
    }
}
