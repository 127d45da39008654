import ArgumentParser
import Foundation

/// Memory of calls that are up, and how long an agent with such calls takes to start again.
struct HeldCalls {
    let scratch: URL
    let count: Int
    /// Calls a second while they are placed.
    let rate: Int

    /// RFC 3261's 64*T1, after which nothing is kept for copies of the first messages, and some.
    private static let settlingSeconds = 40.0

    /// Bytes of anonymous memory a call.
    func bytesPerCall(through element: some SIPElement) throws -> Double {
        let loaded = try LoadedElement(element, scratch: scratch)
        defer { loaded.stop() }
        return try hold(loaded)
    }

    private func hold(_ loaded: LoadedElement) throws -> Double {
        let before = loaded.tree.anonymousBytes
        try loaded.startCalls(count, rate: rate, hold: 3_600_000)
        Thread.sleep(forTimeInterval: Double(count) / Double(rate) + Self.settlingSeconds)
        return (loaded.tree.anonymousBytes - before) / Double(count)
    }

    /// The same of the agent, which is then killed and started again on its ledger: bytes a call,
    /// and the milliseconds until it answers an OPTIONS.
    func killAndRestart(_ agent: AgentElement) throws -> (bytes: Double, milliseconds: Double) {
        let loaded = try LoadedElement(agent, scratch: scratch)
        defer { loaded.stop() }
        let bytes = try hold(loaded)
        loaded.killElement()
        let (program, arguments) = agent.again
        let start = ContinuousClock.now
        let log = scratch.appendingPathComponent("restarted.log").path
        let restarted = try SpawnedProcess(program, arguments, log: log)
        // Its peers are gone with the load: it would wait for their answers.
        defer { restarted.stop(SIGKILL) }
        try OptionsProbe(port: loaded.port).waitForAnswer(seconds: 60)
        return (bytes, (ContinuousClock.now - start) / .milliseconds(1))
    }
}

/// Asks OPTIONS of an agent on loopback, as a dialer, until it answers.
struct OptionsProbe {
    let port: Int

    func waitForAnswer(seconds: Int) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(socket) }
        var own = Self.address(LoadedElement.callerAddress, 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = Self.with(&own) { bind(socket, $0, size) }
        _ = Self.with(&own) { getsockname(socket, $0, &size) }
        let text = request(from: UInt16(bigEndian: own.sin_port))
        var agent = Self.address("127.0.0.1", port)
        for _ in 0..<(seconds * 200) {
            _ = Self.with(&agent) { sendto(socket, text, text.count, 0, $0, size) }
            var wait = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, 5) > 0 else { continue }
            var answer = [UInt8](repeating: 0, count: 2_048)
            if recv(socket, &answer, answer.count, 0) > 0 { return }
        }
        throw CleanExit.message("the agent did not answer within \(seconds) s")
    }

    private func request(from own: UInt16) -> [UInt8] {
        let lines = [
            "OPTIONS sip:127.0.0.1:\(port) SIP/2.0",
            "Via: SIP/2.0/UDP \(LoadedElement.callerAddress):\(own);branch=z9hG4bK\(own)",
            "From: <sip:probe@127.0.0.2>;tag=probe", "To: <sip:127.0.0.1>",
            "Call-ID: probe-\(own)", "CSeq: 1 OPTIONS", "Max-Forwards: 70", "Content-Length: 0",
            "", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private static func address(_ host: String, _ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr(host)
        return address
    }

    private static func with<Result>(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }
}
