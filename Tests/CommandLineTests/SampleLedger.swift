import Ledger
import TrunkEvents

/// A ledger as an agent leaves it: one trunk of two channels, one answered call, one that failed
/// over nowhere because the trunk was full, one still running.
enum SampleLedger {
    static let start = WallInstant(nanoseconds: 1_795_356_000_000_000_000)
    static let answered = CallID(rawValue: 0x0195_0000_0000_0001)
    static let running = CallID(rawValue: 0x0195_0000_0000_0002)
    static let refused = CallID(rawValue: 0x0195_0000_0000_0003)

    static func write(to path: String, _ events: [(second: Int64, Event)] = all) async throws {
        // Many tests hold one at a time, and a process has room for a few of the usual size.
        let options = LedgerOptions(mapBytes: 1 << 30, reserveBytes: 0)
        let writer = try LedgerWriter.open(path, options: options)
        defer { writer.close() }
        for (second, event) in events {
            var payload: [UInt8] = []
            event.encode(into: &payload)
            let wall = start.advanced(by: .seconds(second))
            var batch = EventBatch()
            batch.append(
                EventHeader(
                    kind: EventKind(rawValue: event.kind.rawValue), schemaVersion: event.version,
                    stream: StreamID(rawValue: event.stream.rawValue), wallTime: wall.nanoseconds,
                    monotonicTime: UInt64(second) * 1_000_000_000),
                payload: payload)
            _ = try await writer.append(batch)
        }
    }

    static var all: [(second: Int64, Event)] {
        [
            (0, .agentStarted(AgentStarted(node: name("pbx1"), version: "0.1.0"))),
            (
                0,
                .trunkConfigured(
                    TrunkConfigured(
                        trunk: trunk, carrier: CarrierName(name("alpha")), channels: 2,
                        authentication: .address, isProbed: true))
            ),
            (
                1,
                .trunkReachable(
                    TrunkReachable(trunk: trunk, code: .code(200), roundTrip: .milliseconds(3)))
            ),
        ] + setup(answered, at: 10, inUse: 1)
            + [
                (12, .attemptAnswered(answer(of: answered))),
                (42, .callEnded(end(of: answered))),
                (
                    43,
                    .channelReleased(
                        ChannelReleased(call: answered, trunk: trunk, attempt: .first, inUse: 0))
                ),
            ] + setup(running, at: 50, inUse: 1)
            + [
                (60, started(refused)),
                (
                    60,
                    .channelRefused(
                        ChannelRefused(
                            call: refused, trunk: trunk, direction: .outbound, reason: .cap,
                            inUse: 2, cap: 2))
                ),
                (
                    60,
                    .callEnded(
                        CallEnded(
                            call: refused, endedBy: .agent, source: .finalResponse,
                            code: .code(503), q850: .noCircuitAvailable, reason: ""))
                ),
            ]
    }

    /// Answered calls, one after the other, after those of ``all``. What carriers and dialers write
    /// into their fields is not always what a table likes.
    static func answeredCalls(_ numbers: Range<Int>) -> [(second: Int64, Event)] {
        let references: [Octets] = ["V1", "a,\"b\"", "line\r\nbreak", Octets([0x61, 0x00, 0xFF])]
        return numbers.flatMap { number -> [(second: Int64, Event)] in
            let call = CallID(rawValue: answered.rawValue + 0x1000 + UInt64(number))
            let second = Int64(100 + 10 * number)
            let released = ChannelReleased(call: call, trunk: trunk, attempt: .first, inUse: 1)
            return setup(
                call, at: second, inUse: 2, reference: references[number % references.count])
                + [
                    (second + 1, .attemptAnswered(answer(of: call))),
                    (second + 3 + Int64(number % 5), .callEnded(end(of: call))),
                    (second + 9, .channelReleased(released)),
                ]
        }
    }

    private static let trunk = TrunkName(name("alpha-1"))
    private static let carrier = Endpoint(address: IPAddress(v4: 0x7F00_0003), port: 5070)
    private static let dialer = Endpoint(address: IPAddress(v4: 0x7F00_0002), port: 5060)
    private static let listener = Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 5062)

    private static func name(_ text: String) -> ShortName {
        guard let name = ShortName(text) else { preconditionFailure("\(text) is no name") }
        return name
    }

    private static func started(_ call: CallID, reference: Octets = "V1") -> Event {
        .callStarted(
            CallStarted(
                call: call, direction: .outbound, caller: name("vicidial"), source: dialer,
                listener: listener, aRaw: "5550100", aE164: "+12125550100", bRaw: "12125550123",
                bE164: "+12125550123", did: "", account: "", dialerReference: reference,
                sipCallID: "d@1", invite: "INVITE sip:12125550123@127.0.0.1 SIP/2.0\r\n\r\n"))
    }

    private static func setup(
        _ call: CallID, at second: Int64, inUse: UInt32, reference: Octets = "V1"
    ) -> [(second: Int64, Event)] {
        [
            (second, started(call, reference: reference)),
            (
                second,
                .channelSeized(
                    ChannelSeized(
                        call: call, trunk: trunk, attempt: .first, direction: .outbound,
                        inUse: inUse, cap: 2))
            ),
            (
                second,
                .attemptSent(
                    AttemptSent(
                        call: call, trunk: trunk, attempt: .first, calledLeg: .trunk,
                        local: listener, remote: carrier, sipCallID: "t@1", fromTag: "f",
                        invite: "INVITE sip:12125550123@127.0.0.3 SIP/2.0\r\n\r\n"))
            ),
        ]
    }

    private static func answer(of call: CallID) -> AttemptAnswered {
        AttemptAnswered(
            call: call, trunk: trunk, attempt: .first, code: .code(200), toTag: "t",
            response: "SIP/2.0 200 OK\r\n\r\n")
    }

    private static func end(of call: CallID) -> CallEnded {
        CallEnded(
            call: call, endedBy: .local, source: .bye, q850: .normalClearing, reason: "")
    }
}
