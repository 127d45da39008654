import Ledger
import Projections
import TrunkEvents

let alpha1 = TrunkName("alpha-1")!
let alpha2 = TrunkName("alpha-2")!
let beta1 = TrunkName("beta-1")!
let alpha = CarrierName("alpha")!
let beta = CarrierName("beta")!
let dialerEnd = Endpoint(address: IPAddress(v4: 0x7F00_0002), port: 5060)
let carrierEnd = Endpoint(address: IPAddress(v4: 0x7F00_0003), port: 5070)

/// 2026-11-22T14:00:00Z.
let start = WallInstant(nanoseconds: 1_795_356_000_000_000_000)

func after(_ milliseconds: Int64) -> WallInstant {
    start.advanced(by: .milliseconds(milliseconds))
}

func callID(_ number: UInt32) -> CallID { CallID(startedAt: start, counter: number) }

/// Writes a log by hand: events at positions from 1, at milliseconds since ``start``.
struct LogBuilder {
    private(set) var entries: [LogEntry] = []
    /// What the wall clock was set forward by.
    var wallOffset: Int64 = 0
    private var boot: UInt64 = 1
    /// The boot whose monotonic clock the later ones share; `nil`: each has its own.
    var clockBoot: UInt64?
    /// Each boot's monotonic clock begins at its own number.
    private var bootBegan: Int64 = 0

    @discardableResult
    mutating func add(_ milliseconds: Int64, _ event: Event) -> Position {
        let position = Position(rawValue: UInt64(entries.count) + 1)
        let sinceBoot = UInt64(max(0, milliseconds - bootBegan)) * 1_000_000
        let clock = clockBoot ?? boot
        let monotonic = MonotonicInstant(nanoseconds: clock * 1_000_000_000_000 + sinceBoot)
        entries.append(
            LogEntry(
                position: position,
                moment: Moment(wall: after(milliseconds + wallOffset), monotonic: monotonic),
                boot: BootID(high: 7, low: boot), event: event))
        return position
    }

    /// Another process opens the log to write.
    mutating func reopen(at milliseconds: Int64) {
        guard !entries.isEmpty else { return }
        boot += 1
        bootBegan = milliseconds
    }

    mutating func boot(at milliseconds: Int64) {
        reopen(at: milliseconds)
        add(milliseconds, .agentStarted(AgentStarted(node: ShortName("pbx1")!, version: "1.0")))
    }

    /// Another process on the same machine: a new boot id, the same monotonic clock. What ran
    /// before must have named the machine's boot too.
    mutating func restart(at milliseconds: Int64) {
        boot += 1
        let fact = AgentStarted(node: ShortName("pbx1")!, version: "1.0", machineBoot: "m-1")
        add(milliseconds, .agentStarted(fact))
    }

    mutating func configure(
        _ trunk: TrunkName, of carrier: CarrierName, channels: UInt32 = 50,
        _ authentication: TrunkAuthentication = .address, isProbed: Bool = true,
        maintenance: [Octets] = [], at: Int64 = 0
    ) {
        let fact = TrunkConfigured(
            trunk: trunk, carrier: carrier, channels: channels, authentication: authentication,
            isProbed: isProbed, maintenance: maintenance)
        add(at, .trunkConfigured(fact))
    }
}

/// One call, told event by event.
struct CallScript {
    var call = callID(1)
    var direction = CallDirection.outbound
    var trunk = alpha1
    var attempt = AttemptNumber.first

    var started: Event {
        .callStarted(
            CallStarted(
                call: call, direction: direction, caller: ShortName("vicidial")!,
                source: direction == .outbound ? dialerEnd : carrierEnd, listener: dialerEnd,
                aRaw: "2125550100", aE164: "+12125550100", bRaw: "13055550101",
                bE164: "+13055550101", did: direction == .inbound ? "+13055550101" : .empty,
                account: "7", dialerReference: "M1122", sipCallID: "caller@host",
                invite: """
                    INVITE sip:1@h SIP/2.0\r
                    F: "a;tag=no" <sip:a@h;tag=no>;x=y;TAG = caller-tag\r
                    \r
                    body
                    """))
    }

    func seized(inUse: UInt32 = 1, cap: UInt32 = 50) -> Event {
        .channelSeized(
            ChannelSeized(
                call: call, trunk: trunk, attempt: attempt, direction: direction, inUse: inUse,
                cap: cap))
    }

    var sent: Event {
        .attemptSent(
            AttemptSent(
                call: call, trunk: trunk, attempt: attempt,
                calledLeg: direction == .outbound ? .trunk : .dialer, local: dialerEnd,
                remote: direction == .outbound ? carrierEnd : dialerEnd,
                sipCallID: "called@host", fromTag: "our-tag", invite: "INVITE"))
    }

    func progressed(_ code: UInt16) -> Event {
        .attemptProgressed(
            AttemptProgressed(
                call: call, trunk: trunk, attempt: attempt, code: .code(code), toTag: "early"))
    }

    var answered: Event {
        .attemptAnswered(
            AttemptAnswered(
                call: call, trunk: trunk, attempt: attempt, code: .code(200), toTag: "their-tag",
                response: twoHundred))
    }

    var callAnswered: Event {
        .callAnswered(CallAnswered(call: call, toTag: "to-caller", response: twoHundred))
    }

    func failed(
        _ cause: AttemptFailure, _ code: UInt16? = nil, q850: Q850Cause? = nil,
        reason: Octets = .empty
    ) -> Event {
        .attemptFailed(
            AttemptFailed(
                call: call, trunk: trunk, attempt: attempt, cause: cause,
                code: code.map { .code($0) }, q850: q850, reason: reason))
    }

    func ended(
        _ by: EndedBy, _ source: EndSource, _ code: UInt16? = nil, q850: Q850Cause? = nil
    ) -> Event {
        .callEnded(
            CallEnded(
                call: call, endedBy: by, source: source, code: code.map { .code($0) }, q850: q850,
                reason: .empty))
    }

    func continued(since wall: WallInstant) -> Event {
        .callContinued(
            CallContinued(
                call: call, aliveAt: wall, callerSequence: 20_000, calledSequence: 20_000))
    }

    func recovered(from: WallInstant, to: WallInstant) -> Event {
        .callRecovered(CallRecovered(call: call, endLowerBound: from, endUpperBound: to))
    }

    func released(inUse: UInt32 = 0) -> Event {
        .channelReleased(
            ChannelReleased(call: call, trunk: trunk, attempt: attempt, inUse: inUse))
    }

    func refused(_ reason: RefusalReason) -> Event {
        .channelRefused(
            ChannelRefused(
                call: call, trunk: trunk, direction: direction, reason: reason, inUse: 50,
                cap: 50))
    }
}

let twoHundred: Octets = """
    SIP/2.0 200 OK\r
    Content-Type: application/sdp\r
    \r
    v=0\r
    m=audio 4000 RTP/AVP 96 0\r
    a=rtpmap:0 PCMU/8000\r
    a=rtpmap:96 opus/48000/2\r
    m=video 4002 RTP/AVP 97\r

    """

/// State and rows of a fold over `entries`.
func fold<P: Projection>(
    _ type: P.Type = P.self, _ entries: some Sequence<LogEntry>
) throws -> (state: P, rows: [P.Row]) {
    var state = P()
    var rows: [P.Row] = []
    for entry in entries { try state.apply(entry, finished: &rows) }
    return (state, rows)
}
