import Foundation

/// A running SIPp, its log of facts and its statistics.
public struct Sipp: Sendable {
    public let child: ChildProcess
    public let peer: Peer
    let control: Peer
    let logPath: String
    let statisticsPath: String
    let errorPath: String

    public var facts: [SippFact] {
        text(logPath).split(separator: "\n").compactMap { SippFact(line: $0) }
    }

    public var calls: [String: SippCall] { SippCall.byNumber(facts) }

    /// What SIPp found unexpected, for a failed test's message.
    public var complaints: String { text(errorPath) }

    /// The last row of the statistics file by column name: SIPp's own counts.
    public var statistics: [String: String] {
        let rows = text(statisticsPath).split(separator: "\n")
        guard let header = rows.first, let last = rows.last, rows.count > 1 else { return [:] }
        let names = header.split(separator: ";", omittingEmptySubsequences: false)
        let values = last.split(separator: ";", omittingEmptySubsequences: false)
        return Dictionary(zip(names.map(String.init), values.map(String.init))) { $1 }
    }

    public var successfulCalls: Int? { statistics["SuccessfulCall(C)"].flatMap { Int($0) } }
    public var failedCalls: Int? { statistics["FailedCall(C)"].flatMap { Int($0) } }

    /// Waits until a caller has placed all its calls and seen them end.
    @discardableResult
    public func finish(within limit: Duration) async throws -> ExitStatus {
        try await child.wait(within: limit)
    }

    /// Places no more calls and lets the open ones end: what the key `q` does at SIPp's screen.
    public func placeNoMoreCalls() {
        DatagramSocket(address: "127.0.0.1").send(
            Array("q".utf8), to: control.address, port: control.port)
    }

    /// A count of facts of one kind.
    public func count(_ kind: SippFact.Kind) -> Int {
        facts.count { $0.kind == kind }
    }

    private func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}

/// One call to place: the number, and the dialer's own code for the call.
public struct PlannedCall: Sendable, Hashable {
    public let number: String
    public let code: String

    public init(number: String, code: String) {
        self.number = number
        self.code = code
    }
}

/// What the far end does: see `callee.xml` for the meaning of a number's digits.
public struct CalleePlan: Sendable {
    public var answerAfterMilliseconds = 100
    public var holdMilliseconds = 700
    /// The digit of numbers that get a 503, or nil.
    public var refusedDigit: Int? = 4
    public var user = "2125550100"
    public var secret = "secret"
    public var expiresSeconds = 60
    public var transport = SIPTransport.udp
    /// Where it is reached, when something stands before it; else where it listens.
    public var contact: Peer?

    public init() {}
}

extension ProcessScope {
    /// The far end of a trunk, or a dialer that takes its DIDs' calls.
    public func startCallee(_ peer: Peer, _ plan: CalleePlan = CalleePlan()) async throws -> Sipp {
        let scenario = Scenario(
            "callee.xml",
            [
                "ANSWER": "\(plan.answerAfterMilliseconds)", "HOLD": "\(plan.holdMilliseconds)",
                "REFUSED": plan.refusedDigit.map(String.init) ?? "99", "USER": plan.user,
                "SECRET": plan.secret, "EXPIRES": "\(plan.expiresSeconds)",
                "CONTACT": plan.contact.map { "\($0)" } ?? "[local_ip]:[local_port]",
            ])
        // A finished call's Call-ID is forgotten at once, so that a late BYE is answered with 481.
        let sipp = try startSipp(
            scenario, at: peer, to: nil, ["-deadcall_wait", "0", "-t", plan.transport.sippName])
        try await eventually("SIPp listens on \(peer)") { peer.isBound || !sipp.child.isRunning }
        return sipp
    }

    /// A far end that follows another scenario, and ends after so many calls.
    public func startCallee(
        _ peer: Peer, named name: String, calls: Int, _ values: [String: String] = [:]
    ) async throws -> Sipp {
        let sipp = try startSipp(Scenario(name, values), at: peer, to: nil, ["-m", "\(calls)"])
        try await eventually("SIPp listens on \(peer)") { peer.isBound || !sipp.child.isRunning }
        return sipp
    }

    /// A dialer that places `calls` in order, `rate` a second, and holds each that long.
    public func startCaller(
        _ peer: Peer, to target: Peer, _ calls: [PlannedCall], rate: Int,
        holdMilliseconds: Int, cancels: Bool = false, isReliable: Bool = false,
        lingerMilliseconds: Int = 50, transport: SIPTransport = .udp
    ) throws -> Sipp {
        let name =
            cancels ? "caller-cancel.xml" : isReliable ? "caller-reliable.xml" : "caller.xml"
        let scenario = Scenario(
            name,
            [
                "HOLD": "\(holdMilliseconds)", "FROM": "12125550199",
                "LINGER": "\(lingerMilliseconds)",
                "PATIENCE": transport == .udp ? "" : #"timeout="500" ontimeout="over""#,
            ])
        // A copy of a 2xx is right on a stream too (RFC 3261 13.3.1.4); SIPp expects copies of
        // datagrams only.
        let manners = transport == .udp ? [] : ["-default_behaviors", "all,-abortunexp"]
        return try startCaller(
            peer, to: target, scenario, calls, rate: rate, ["-t", transport.sippName] + manners)
    }

    /// A dialer that follows another scenario.
    public func startCaller(
        _ peer: Peer, to target: Peer, named name: String, _ calls: [PlannedCall],
        _ values: [String: String] = [:]
    ) throws -> Sipp {
        try startCaller(peer, to: target, Scenario(name, values), calls, rate: 10, [])
    }

    private func startCaller(
        _ peer: Peer, to target: Peer, _ scenario: Scenario, _ calls: [PlannedCall], rate: Int,
        _ more: [String]
    ) throws -> Sipp {
        let lines = calls.map { "\($0.number);\($0.code)" }.joined(separator: "\n")
        let list = try write("SEQUENTIAL\n\(lines)\n", to: "calls.\(peer.port).csv")
        return try startSipp(
            scenario, at: peer, to: target,
            [
                "-inf", list, "-m", "\(calls.count)", "-r", "\(rate)", "-l", "\(calls.count)",
                "-deadcall_wait", "0", "-oocsf",
                try write(Scenario("stray.xml", [:]).text(), to: "stray.xml"),
            ] + more)
    }

    /// A dialer that is asked for a password. It logs what it is refused with, or that none came.
    public func startCaller(
        _ peer: Peer, to target: Peer, _ calls: [PlannedCall], user: String, secret: String,
        holdMilliseconds: Int = 100
    ) throws -> Sipp {
        let scenario = Scenario(
            "caller-password.xml",
            ["USER": user, "SECRET": secret, "HOLD": "\(holdMilliseconds)"])
        let lines = calls.map { "\($0.number);\($0.code)" }.joined(separator: "\n")
        let list = try write("SEQUENTIAL\n\(lines)\n", to: "calls.\(peer.port).csv")
        return try startSipp(
            scenario, at: peer, to: target,
            ["-inf", list, "-m", "\(calls.count)", "-r", "5", "-deadcall_wait", "0"])
    }

    /// Registers once with a digest, and ends with status 1 when it is not let in.
    public func startRegistrant(
        _ peer: Peer, to registrar: Peer, user: String, secret: String
    ) throws -> Sipp {
        try startSipp(
            Scenario("registrant.xml", ["USER": user, "SECRET": secret]), at: peer, to: registrar,
            ["-m", "1"])
    }

    private func startSipp(
        _ scenario: Scenario, at peer: Peer, to target: Peer?, _ extra: [String]
    ) throws -> Sipp {
        guard let program = Places.program("sipp") else {
            throw CannotStart(
                program: "sipp", reason: "not installed; run tools/setup --with-tests")
        }
        let stem = "\(directory)/sipp.\(peer.address).\(peer.port)"
        let file = try write(try scenario.text(), to: "\(peer.port).\(scenario.fileName)")
        var arguments = target.map { ["\($0)"] } ?? []
        arguments += ["-sf", file, "-i", peer.address, "-bind_local", "-p", "\(peer.port)"]
        let control = Peer("127.0.0.1")
        arguments += ["-ci", control.address, "-cp", "\(control.port)"]
        // The kernel's default buffer loses datagrams when an agent ends many calls at once.
        arguments += ["-buff_size", "4194304"]
        arguments += ["-nostdin", "-trace_logs", "-log_file", stem + ".log"]
        arguments += ["-trace_err", "-error_file", stem + ".err"]
        arguments += ["-trace_stat", "-stf", stem + ".csv", "-fd", "1"]
        if ProcessInfo.processInfo.environment["TRUNKLEDGER_KEEP"] == "1" {
            arguments += ["-trace_msg", "-message_file", stem + ".msg"]
        }
        let child = try start(program, arguments + extra, name: "sipp-\(peer.port)")
        return Sipp(
            child: child, peer: peer, control: control, logPath: stem + ".log",
            statisticsPath: stem + ".csv",
            errorPath: stem + ".err")
    }
}

extension Peer {
    /// True once some process has this UDP port or listens on this TCP port: `/proc/net` names them
    /// in hexadecimal.
    public var isBound: Bool {
        let hex = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: 4 - hex.count) + hex
        let datagrams = ["udp", "udp6"].flatMap(Self.table)
        let streams = ["tcp", "tcp6"].flatMap(Self.table)
        return datagrams.contains { $0[1].hasSuffix(suffix) }
            || streams.contains { $0[1].hasSuffix(suffix) && $0[3] == "0A" }
    }

    private static func table(_ name: String) -> [[Substring]] {
        // Read to the end: the kernel hands out a page at a time, which `String(contentsOfFile:)`
        // takes for the whole.
        let file = FileHandle(forReadingAtPath: "/proc/net/\(name)")
        let text = String(decoding: (try? file?.readToEnd()) ?? Data(), as: UTF8.self)
        return text.split(separator: "\n").dropFirst().map { $0.split(separator: " ") }
            .filter { $0.count > 3 }
    }
}
