import Foundation
import TestSupport
import Testing

extension InteropTests {
    /// Every message of RFC 4475 to the running agent, as a datagram and on a stream: answered or
    /// ignored as the RFC says, and the next call is taken.
    @Suite struct TortureTests {
        @Test(.timeLimit(.minutes(2)), arguments: [SIPTransport.udp, .tcp])
        func corpusIsAnsweredAsTheRFCSays(transport: SIPTransport) async throws {
            guard let messages = try TortureCorpus.load() else { return }
            #expect(messages.count == 50)
            try await send(messages, over: transport)
        }

        @Test(.timeLimit(.minutes(1)), arguments: [SIPTransport.udp, .tcp])
        func ownMessagesAreAnsweredAsTheRFCSays(transport: SIPTransport) async throws {
            try await send(OwnTortureMessages.all, over: transport)
        }

        /// Messages that an agent would take for retransmissions of each other go to fresh agents.
        private func send(
            _ messages: [TortureMessage], over transport: SIPTransport
        ) async throws {
            var rest = messages
            while !rest.isEmpty {
                var keys: Set<String> = []
                let round = rest.filter { keys.insert($0.transactionKey).inserted }
                let names = Set(round.map(\.name))
                rest.removeAll { names.contains($0.name) }
                try await withProcesses { scope in
                    var plan = CalleePlan()
                    plan.transport = transport
                    let carrier = try await scope.startCallee(Peer("127.0.0.3"), plan)
                    let agent = try await scope.startAgent(
                        AgentConfiguration(
                            listen: Peer("127.0.0.1"), dialerMatch: ["127.0.7.0/24", "127.0.0.2"],
                            dialerContact: Peer("127.0.0.2"),
                            trunks: [
                                .byAddress(
                                    "alpha-1", at: carrier.peer, channels: 5,
                                    extra: ["qualify: off"])
                            ], transport: transport))
                    for (index, message) in round.enumerated() {
                        let address = "127.0.7.\(index + 1)"
                        switch transport {
                        case .udp: TortureSender(address: address, agent: agent).expect(message)
                        case .tcp, .tls:
                            TortureStream(address: address, agent: agent).expect(message)
                        }
                        #expect(agent.child.isRunning, "after \(message)")
                        guard agent.child.isRunning else { return }
                    }
                    try await expectNextCallIsTaken(scope, agent, over: transport)
                }
            }
        }

        private func expectNextCallIsTaken(
            _ scope: ProcessScope, _ agent: Agent, over transport: SIPTransport
        ) async throws {
            let caller = try scope.startCaller(
                Peer("127.0.0.2"), to: agent.listen, NumberPlan.answered.calls(5), rate: 5,
                holdMilliseconds: 100, transport: transport)
            let status = try await caller.finish(within: .seconds(20))
            #expect(status == .exited(0), "\(caller.complaints)")
            #expect(caller.count(.answered) == 5)
            try await agent.waitUntilAllIsReleased()
            #expect(try await agent.ask(["verify"]).succeeded)
        }
    }
}

/// A source address of its own, so that only its own answers come back. It listens on 5060, where a
/// Via without a port sends answers (RFC 3261 18.2.2), on 5061 for those that name TLS, and on the
/// 5050 that one message names.
private struct TortureSender {
    let address: String
    let agent: Agent
    private let sockets: [DatagramSocket]

    init(address: String, agent: Agent) {
        self.address = address
        self.agent = agent
        sockets = [5060, 5061, 5050].map { DatagramSocket(address: address, port: $0) }
    }

    func expect(_ message: TortureMessage) {
        sockets[0].send(message.bytes, to: agent.listen.address, port: agent.listen.port)
        var answers: [Answer] = []
        if case .silence = message.expected {
        } else {
            answers = collect(until: { $0.contains { $0.code >= 200 } }, within: .seconds(3))
        }
        ping()
        answers += collect(until: { $0.contains(where: \.isPong) }, within: .seconds(3))
        #expect(answers.contains { $0.isPong && $0.code == 200 }, "\(message): no answer after it")
        let own = answers.filter { !$0.isPong }
        let final = own.first { $0.code >= 200 }?.code
        #expect(
            message.expected.allows(final),
            "\(message): \(final.map(String.init) ?? "silence"), expected \(message.expected)")
        // What follows a message in its datagram is no message (RFC 3261 18.3).
        let isRegister = message.bytes.starts(with: Array("REGISTER".utf8))
        #expect(!own.contains { isRegister && $0.isToInvite }, "\(message): acted on the rest")
    }

    private func ping() {
        sockets[0].send(
            agent.ping(from: address), to: agent.listen.address, port: agent.listen.port)
    }

    private func collect(until isDone: ([Answer]) -> Bool, within limit: Duration) -> [Answer] {
        let deadline = ContinuousClock.now + limit
        var answers: [Answer] = []
        while !isDone(answers), ContinuousClock.now < deadline {
            for socket in sockets {
                while let bytes = socket.receive(within: .milliseconds(5)) {
                    answers.append(Answer(bytes))
                }
            }
        }
        return answers
    }
}

/// A connection of its own for each message, and a second one to see that the agent goes on.
private struct TortureStream {
    let address: String
    let agent: Agent

    func expect(_ message: TortureMessage) {
        let expected = message.expectedOnStream
        let answers: [Answer]
        if case .silence = expected {
            answers = exchange(message.bytes, within: .milliseconds(50))
        } else {
            answers = exchange(message.bytes, within: .seconds(3))
        }
        let final = answers.first { $0.code >= 200 }?.code
        #expect(
            expected.allows(final),
            "\(message): \(final.map(String.init) ?? "silence"), expected \(expected)")
        let pongs = exchange(agent.ping(from: address), within: .seconds(3))
        #expect(pongs.contains { $0.isPong && $0.code == 200 }, "\(message): no answer after it")
    }

    /// Sends and reads until a final answer or the end of the stream.
    private func exchange(_ bytes: [UInt8], within limit: Duration) -> [Answer] {
        guard
            let socket = StreamSocket(
                from: address, to: agent.listen.address, port: agent.listen.port)
        else { return [] }
        socket.send(bytes)
        let deadline = ContinuousClock.now + limit
        var octets: [UInt8] = []
        while ContinuousClock.now < deadline {
            guard let part = socket.receive(within: limit), !part.isEmpty else { break }
            octets += part
            let answers = Answer.all(octets)
            if answers.contains(where: { $0.code >= 200 }) { return answers }
        }
        return Answer.all(octets)
    }
}

extension TortureMessage {
    /// A stream that promises more waits for it, and needs a Content-Length (RFC 3261 18.3).
    fileprivate var expectedOnStream: ExpectedAnswer {
        switch name {
        case "clerr", "baddn", "own: Content-Length beyond the datagram": .silence
        case "inv2543": .codes([400])
        default: expected
        }
    }
}

extension Agent {
    fileprivate func ping(from address: String) -> [UInt8] {
        let key = "\(address)-\(UInt32.random(in: 0...UInt32.max))"
        let text = """
            OPTIONS sip:\(listen) SIP/2.0\r
            Via: SIP/2.0/UDP \(address):5060;branch=z9hG4bKping\(key);rport\r
            Max-Forwards: 70\r
            From: <sip:ping@\(address)>;tag=p\r
            To: <sip:\(listen)>\r
            Call-ID: ping-\(key)\r
            CSeq: 1 OPTIONS\r
            Content-Length: 0\r
            \r\n
            """
        return Array(text.utf8)
    }
}

/// A response, as much of it as the test looks at.
private struct Answer {
    let code: Int
    let isPong: Bool
    let isToInvite: Bool

    /// Of a stream: each has an empty line behind its headers, and those to our messages no body.
    static func all(_ octets: [UInt8]) -> [Answer] {
        String(decoding: octets, as: UTF8.self).components(separatedBy: "\r\n\r\n")
            .filter { $0.hasPrefix("SIP/2.0") }.map { Answer(Array($0.utf8)) }
    }

    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let words = text.prefix(40).split(separator: " ")
        code = words.count > 1 && words[0] == "SIP/2.0" ? Int(words[1]) ?? 0 : 0
        isPong = text.contains("z9hG4bKping")
        isToInvite = text.split(separator: "\r\n").contains {
            $0.hasPrefix("CSeq:") && $0.hasSuffix("INVITE")
        }
    }
}
