import ArgumentParser
import Foundation

/// What SIPp calls through.
protocol SIPElement {
    var name: String { get }
    /// Makes everything anew that the element keeps, and says how it is started.
    func arguments(listen: Int, callee: Int) throws -> (program: String, arguments: [String])
}

struct KamailioElement: SIPElement {
    let name = "Kamailio, dialog + acc"
    let scratch: URL

    func arguments(listen: Int, callee: Int) throws -> (program: String, arguments: [String]) {
        let file = scratch.appendingPathComponent("kamailio.cfg")
        try configuration(listen: listen, callee: callee)
            .write(to: file, atomically: true, encoding: .utf8)
        return (
            "/usr/sbin/kamailio",
            ["-DD", "-E", "-x", "fm", "-X", "fm", "-m", "1024", "-f", file.path,
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
    let name = "TrunkLedger"
    let scratch: URL
    private let program: String

    init(scratch: URL) throws {
        guard let program = ProcessInfo.processInfo.environment["TRUNKLEDGER"] else {
            throw CleanExit.message("TRUNKLEDGER names no binary; start this through tools/bench")
        }
        self.program = program
        self.scratch = scratch
    }

    private var file: URL { scratch.appendingPathComponent("agent.yaml") }

    /// The agent once more, on the ledger that is there.
    var again: (program: String, arguments: [String]) {
        (program, ["agent", "--config", file.path])
    }

    func arguments(listen: Int, callee: Int) throws -> (program: String, arguments: [String]) {
        let ledger = scratch.appendingPathComponent("ledger")
        try? FileManager.default.removeItem(at: ledger)
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
        return again
    }
}
