import Ledger
import TestSupport
import TrunkEvents

/// A fact with its moment, and logs of random ones: any kind, in any order, of a few calls.
struct RecordedFact {
    let event: Event
    let moment: Moment

    init(_ event: Event, milliseconds: Int64) {
        self.event = event
        moment = Moment(
            wall: WallInstant(nanoseconds: milliseconds * 1_000_000),
            monotonic: MonotonicInstant(nanoseconds: UInt64(max(0, milliseconds)) * 1_000_000))
    }

    var header: EventHeader {
        EventHeader(
            kind: EventKind(rawValue: event.kind.rawValue), schemaVersion: event.version,
            stream: StreamID(rawValue: event.stream.rawValue),
            wallTime: moment.wall.nanoseconds, monotonicTime: moment.monotonic.nanoseconds)
    }

    /// The wall clock goes forward, and now and then back.
    static func random(count: Int, using random: inout SeededGenerator) -> [RecordedFact] {
        var now: Int64 = 1_000_000
        return (0..<count).map { _ in
            now += Int64.random(in: -200...2_000, using: &random)
            return RecordedFact(event(using: &random), milliseconds: now)
        }
    }

    static func started(call: UInt64) -> CallStarted {
        CallStarted(
            call: CallID(rawValue: call), direction: .outbound, caller: ShortName("vicidial")!,
            source: peer, listener: peer, aRaw: "2125550100", aE164: "+12125550100",
            bRaw: "13055550101", bE164: "+13055550101", did: .empty, account: .empty,
            dialerReference: .empty, sipCallID: "abc@host", invite: "INVITE")
    }

    static func ended(call: UInt64) -> CallEnded {
        CallEnded(
            call: CallID(rawValue: call), endedBy: .remote, source: .bye,
            q850: .normalClearing, reason: .empty)
    }

    private static let peer = Endpoint(address: IPAddress(v4: 0x7F00_0003), port: 5070)
    private static let trunk = TrunkName("alpha-1")!

    private static func event(using random: inout SeededGenerator) -> Event {
        let number = UInt64.random(in: 1...6, using: &random)
        let call = CallID(rawValue: number)
        let attempt = Bool.random(using: &random) ? AttemptNumber.first : .first.next
        switch Int.random(in: 0..<14, using: &random) {
        case 0, 1: return .callStarted(started(call: number))
        case 2: return .callEnded(ended(call: number))
        case 3: return .callAnswered(CallAnswered(call: call, toTag: "t", response: "SIP/2.0"))
        case 4: return .heartbeat(Heartbeat(openCalls: 1))
        case 5: return agentFact(using: &random)
        case 6...10: return attemptFact(call, attempt, using: &random)
        default: return dialogFact(call, using: &random)
        }
    }

    private static func agentFact(using random: inout SeededGenerator) -> Event {
        switch Int.random(in: 0..<10, using: &random) {
        case 8, 9:
            .trunkResting(
                TrunkResting(
                    trunk: trunk, host: Bool.random(using: &random) ? peer : nil,
                    seconds: UInt32.random(in: 1...90, using: &random)))
        case 0: .agentStopped(AgentStopped(reason: .terminated, openCalls: 0))
        case 1: .trunkRemoved(TrunkRemoved(trunk: trunk))
        case 2, 3:
            .registrationSucceeded(
                RegistrationSucceeded(
                    trunk: trunk, registrar: peer,
                    expiresSeconds: UInt32.random(in: 60...3_600, using: &random)))
        case 4: .registrationExpired(RegistrationExpired(trunk: trunk))
        case 5: .registrationRemoved(RegistrationRemoved(trunk: trunk))
        default:
            .trunkConfigured(
                TrunkConfigured(
                    trunk: trunk, carrier: CarrierName("alpha")!,
                    channels: UInt32.random(in: 1...50, using: &random), channelsIn: 10,
                    authentication: .registration, isProbed: true))
        }
    }

    private static func attemptFact(
        _ call: CallID, _ attempt: AttemptNumber, using random: inout SeededGenerator
    ) -> Event {
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            .channelSeized(
                ChannelSeized(
                    call: call, trunk: trunk, attempt: attempt, direction: .outbound, inUse: 1,
                    cap: 50))
        case 1:
            .channelReleased(
                ChannelReleased(call: call, trunk: trunk, attempt: attempt, inUse: 0))
        case 2:
            .attemptSent(
                AttemptSent(
                    call: call, trunk: trunk, attempt: attempt, calledLeg: .trunk, local: peer,
                    remote: peer, sipCallID: "b@host", fromTag: "f", invite: "INVITE"))
        case 3:
            .attemptAnswered(
                AttemptAnswered(
                    call: call, trunk: trunk, attempt: attempt, code: .code(200), toTag: "t",
                    response: "SIP/2.0 200 OK"))
        case 4:
            .attemptFailed(
                AttemptFailed(
                    call: call, trunk: trunk, attempt: attempt, cause: .rejected,
                    code: .code(486), q850: .userBusy, reason: "Busy Here"))
        default:
            .attemptProgressed(
                AttemptProgressed(
                    call: call, trunk: trunk, attempt: attempt, code: .code(180), toTag: "t"))
        }
    }

    private static func dialogFact(
        _ call: CallID, using random: inout SeededGenerator
    ) -> Event {
        switch Int.random(in: 0..<9, using: &random) {
        case 0:
            .callContinued(
                CallContinued(
                    call: call, aliveAt: WallInstant(nanoseconds: 7), callerSequence: 10_000,
                    calledSequence: 10_001))
        case 1: .callInterim(CallInterim(call: call))
        case 2: .sequencesReserved(SequencesReserved(call: call, leg: .called, sequence: 20_000))
        case 6:
            .sessionTimerChanged(
                SessionTimerChanged(call: call, leg: .caller, interval: 600, minimum: 90))
        case 7: .transferBegun(TransferBegun(call: call, from: call, leaving: .caller))
        case 8:
            .callTransferred(
                CallTransferred(
                    call: call, to: call, leaving: .caller, response: "SIP/2.0 200 OK"))
        case 3:
            .modificationSent(
                ModificationSent(
                    call: call, initiator: .caller, source: peer, request: "INVITE",
                    invite: "INVITE"))
        case 4:
            .modificationFailed(
                ModificationFailed(call: call, initiator: .caller, code: .code(488)))
        default:
            .callModified(
                CallModified(
                    call: call, initiator: .called, code: .code(200), sequence: 4,
                    callerTarget: "sip:a@192.0.2.1", calledTarget: "sip:b@192.0.2.2",
                    response: "SIP/2.0 200 OK"))
        }
    }
}
