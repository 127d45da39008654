import TrunkEvents

private let call = CallID(rawValue: 0x0123_4567_89AB_CDEF)
private let trunk = TrunkName("alpha-1")!
private let remote = Endpoint(address: IPAddress(v4: 0x7F00_0003), port: 5070)

/// One event of every kind.
let oneOfEach: [Event] = [
    .agentStarted(AgentStarted(node: ShortName("pbx1")!, version: "1.0", machineBoot: "b-1")),
    .agentStopped(AgentStopped(reason: .terminated, openCalls: 2)),
    .heartbeat(Heartbeat(openCalls: 3)),
    .clockStepped(ClockStepped(step: .seconds(-2))),
    .strangersDropped(
        StrangersDropped(
            source: IPAddress("2001:db8::1")!, minute: WallInstant(nanoseconds: 60), count: 9)),
    .requestsDropped(
        RequestsDropped(
            source: IPAddress(v4: 7), minute: WallInstant(nanoseconds: 60), cause: .ban, count: 9)),
    .sourceBanned(
        SourceBanned(
            source: IPAddress(v4: 7), dialer: ShortName("vicidial")!, failures: 10,
            until: WallInstant(nanoseconds: 90))),
    .trunkConfigured(
        TrunkConfigured(
            trunk: trunk, carrier: CarrierName("alpha")!, channels: 50, channelsIn: 10,
            authentication: .registration, isProbed: true,
            maintenance: ["sun 02:00-04:00"])),
    .trunkRemoved(TrunkRemoved(trunk: trunk)),
    .trunkNearCap(TrunkNearCap(trunk: trunk, inUse: 40, cap: 50)),
    .trunkBelowCap(TrunkBelowCap(trunk: trunk, inUse: 30, cap: 50, direction: .inbound)),
    .trunkReachable(TrunkReachable(trunk: trunk, code: .code(200), roundTrip: .milliseconds(3))),
    .trunkUnreachable(TrunkUnreachable(trunk: trunk, cause: .timeout)),
    .trunkLocated(
        TrunkLocated(
            trunk: trunk,
            hosts: [Endpoint(transport: .tls, address: IPAddress(v4: 0xC000_0201), port: 5061)])),
    .trunkResting(TrunkResting(trunk: trunk, host: remote, seconds: 20)),
    .registrationSucceeded(
        RegistrationSucceeded(trunk: trunk, registrar: remote, expiresSeconds: 3600)),
    .registrationFailed(
        RegistrationFailed(trunk: trunk, cause: .rejected, code: .code(403), reason: "Forbidden")),
    .registrationExpired(RegistrationExpired(trunk: trunk)),
    .registrationRemoved(RegistrationRemoved(trunk: trunk)),
    .callStarted(
        CallStarted(
            call: call, direction: .outbound, caller: ShortName("vicidial")!, source: remote,
            listener: remote, aRaw: "2125550100", aE164: "+12125550100", bRaw: "13055550101",
            bE164: "+13055550101", did: .empty, account: .empty, dialerReference: "M1",
            sipCallID: "abc@host", invite: "INVITE")),
    .routeChosen(RouteChosen(call: call, prefix: "+1", trunks: [trunk])),
    .callAnswered(CallAnswered(call: call, toTag: "t1", response: "SIP/2.0 200 OK")),
    .callModified(
        CallModified(
            call: call, initiator: .called, code: .code(200), sequence: 4,
            callerTarget: "sip:a@192.0.2.1", calledTarget: "sip:b@192.0.2.2",
            response: "SIP/2.0 200 OK")),
    .callEnded(
        CallEnded(
            call: call, endedBy: .remote, source: .bye, q850: .normalClearing, reason: .empty)),
    .callRecovered(
        CallRecovered(
            call: call, endLowerBound: WallInstant(nanoseconds: 1),
            endUpperBound: WallInstant(nanoseconds: 2))),
    .callContinued(
        CallContinued(
            call: call, aliveAt: WallInstant(nanoseconds: 7), callerSequence: 10_000,
            calledSequence: 10_001)),
    .callInterim(CallInterim(call: call)),
    .sequencesReserved(SequencesReserved(call: call, leg: .called, sequence: 20_000)),
    .sessionTimerChanged(
        SessionTimerChanged(
            call: call, leg: .called, interval: 600, isRefreshedByUs: true, minimum: 90,
            takesUpdate: true)),
    .modificationSent(
        ModificationSent(
            call: call, initiator: .caller, source: remote, request: "INVITE", invite: "INVITE")),
    .modificationFailed(ModificationFailed(call: call, initiator: .caller, code: .code(488))),
    .transferBegun(TransferBegun(call: call, from: call, leaving: .caller)),
    .callTransferred(
        CallTransferred(call: call, to: call, leaving: .called, response: "SIP/2.0 200 OK")),
    .channelRefused(
        ChannelRefused(
            call: call, trunk: trunk, direction: .outbound, reason: .cap, inUse: 50, cap: 50)),
    .channelSeized(
        ChannelSeized(
            call: call, trunk: trunk, attempt: .first, direction: .inbound, inUse: 1, cap: 50)),
    .channelReleased(ChannelReleased(call: call, trunk: trunk, attempt: .first, inUse: 0)),
    .attemptSent(
        AttemptSent(
            call: call, trunk: trunk, attempt: .first, calledLeg: .trunk, local: remote,
            remote: remote, sipCallID: "b@host", fromTag: "f", invite: "INVITE")),
    .attemptProgressed(
        AttemptProgressed(
            call: call, trunk: trunk, attempt: .first, code: .code(180), toTag: "t")),
    .attemptAnswered(
        AttemptAnswered(
            call: call, trunk: trunk, attempt: .first, code: .code(200), toTag: "t",
            response: "SIP/2.0 200 OK")),
    .attemptFailed(
        AttemptFailed(
            call: call, trunk: trunk, attempt: .first, cause: .rejected, code: .code(486),
            q850: .userBusy, reason: "Busy Here")),
    .exportClosed(
        ExportClosed(
            sequence: 1, firstPosition: 1, lastPosition: 9, rowCount: 2, talkMilliseconds: 100,
            completeUntil: WallInstant(nanoseconds: 5), fileName: "a.csv", sha256: "x",
            previousSHA256: .empty)),
    .exportDelivered(
        ExportDelivered(
            sequence: 1, destination: "https://billing.example/cdr", rowCount: 2, attempts: 3)),
    .exportFailed(
        ExportFailed(
            sequence: 1, destination: "https://billing.example/cdr", cause: "it answered 503")),
    .rateDeckLoaded(
        RateDeckLoaded(
            carrier: CarrierName("alpha")!, direction: .outbound, currency: ShortName("USD")!,
            effectiveFrom: WallInstant(nanoseconds: 5), firstSeconds: 30, stepSeconds: 6,
            secondsRounding: .up, amountRounding: .nearest, decimals: 4, zoneSeconds: -18_000,
            peak: "mon-fri 08:00-18:00", rateCount: 2, fileName: "a.csv", sha256: "x",
            statesSHA256: .empty)),
    .invoiceLoaded(
        InvoiceLoaded(
            carrier: CarrierName("alpha")!, direction: .outbound,
            from: WallInstant(nanoseconds: 5), to: WallInstant(nanoseconds: 9),
            fileName: "a.csv", sha256: "x", template: "generic", templateSHA256: "y",
            lineCount: 3, billedSeconds: 90, amountUnits: 5_000, findingCount: 1,
            stakeUnits: -200)),
]
