import TestSupport
import TrunkEvents

/// One call, from its INVITE to its last channel's release: each step records what the agent
/// would, and says how long it is until the next.
struct CallStory: Sendable {
    /// What becomes of an attempt.
    private enum Fate {
        case answered
        case cancelled
        case rejected(StatusCode)
        /// The carrier has no channel: the next trunk is tried.
        case carrierFull

        init(_ random: inout SeededGenerator) {
            self =
                switch random.below(100) {
                case ..<35: .answered
                case ..<62: .cancelled
                case ..<76: .rejected(.code(486))
                case ..<88: .rejected(.code(404))
                case ..<94: .rejected(.code(480))
                default: .carrierFull
                }
        }
    }

    private enum Step {
        case begin
        case progress
        case outcome
        case hangUp
        case release
    }

    private let id: CallID
    private let parties: CallParties
    private var step = Step.begin
    private var fate: Fate
    private var trunk: Int
    private var attempt = AttemptNumber.first
    private var leg: CalledLeg

    init(_ id: CallID, _ random: inout SeededGenerator) {
        self.id = id
        parties = CallParties(&random)
        fate = Fate(&random)
        trunk = Int(random.below(8))
        leg = CalledLeg(&random)
    }

    /// Nanoseconds until the next step; `nil` when the call is over.
    mutating func tell(
        _ writer: inout FactWriter, _ trunks: inout TrunkBank, _ random: inout SeededGenerator
    ) -> Int64? {
        switch step {
        case .begin:
            writer.record(parties.started(id, trunks, datagrams: writer.datagrams))
            let order = (0..<3).map { trunks.names[(trunk + $0) % trunks.names.count] }
            writer.record(.routeChosen(RouteChosen(call: id, prefix: "+1", trunks: order)))
            return tryTrunk(&writer, &trunks, &random)
        case .progress:
            if case .rejected(let code) = fate { return reject(code, &writer, &trunks) }
            if case .carrierFull = fate { return tryNextTrunk(&writer, &trunks, &random) }
            let code = StatusCode.code(random.below(4) == 0 ? 183 : 180)
            writer.record(
                .attemptProgressed(
                    AttemptProgressed(
                        call: id, trunk: trunks.names[trunk], attempt: attempt, code: code,
                        toTag: leg.toTag)))
            step = .outcome
            return random.wait(mean: 9e9)
        case .outcome:
            if case .cancelled = fate { return cancel(&writer, &trunks) }
            answer(&writer, trunks)
            step = .hangUp
            return random.wait(mean: 100e9)
        case .hangUp:
            let side: EndedBy = random.below(3) == 0 ? .remote : .local
            end(side, .bye, nil, .normalClearing, &writer)
            step = .release
            return 20_000_000 + Int64(random.below(40_000_000))
        case .release:
            release(&writer, &trunks)
            return nil
        }
    }

    private mutating func tryTrunk(
        _ writer: inout FactWriter, _ trunks: inout TrunkBank, _ random: inout SeededGenerator
    ) -> Int64? {
        for _ in 0..<3 {
            let name = trunks.names[trunk]
            guard trunks.seize(trunk) else {
                writer.record(
                    .channelRefused(
                        ChannelRefused(
                            call: id, trunk: name, direction: .outbound, reason: .cap,
                            inUse: TrunkBank.cap, cap: TrunkBank.cap)))
                trunk = (trunk + 1) % trunks.names.count
                continue
            }
            writer.record(
                .channelSeized(
                    ChannelSeized(
                        call: id, trunk: name, attempt: attempt, direction: .outbound,
                        inUse: trunks.inUse[trunk], cap: TrunkBank.cap)))
            let remote = trunks.endpoint(trunk)
            writer.record(
                leg.sent(id, name, attempt, remote, parties, datagrams: writer.datagrams))
            step = .progress
            return random.wait(mean: 1.5e9)
        }
        end(.agent, .finalResponse, .code(503), .noCircuitAvailable, &writer)
        return nil
    }

    private mutating func tryNextTrunk(
        _ writer: inout FactWriter, _ trunks: inout TrunkBank, _ random: inout SeededGenerator
    ) -> Int64? {
        fail(.rejected, .code(503), .noCircuitAvailable, "Trunk Group Full", &writer, trunks)
        release(&writer, &trunks)
        trunk = (trunk + 1) % trunks.names.count
        attempt = attempt.next
        leg = CalledLeg(&random)
        fate = Fate(&random)
        if case .carrierFull = fate { fate = .cancelled }
        return tryTrunk(&writer, &trunks, &random)
    }

    private mutating func reject(
        _ code: StatusCode, _ writer: inout FactWriter, _ trunks: inout TrunkBank
    ) -> Int64? {
        let cause: Q850Cause =
            switch code.rawValue {
            case 486: .userBusy
            case 404: .unallocatedNumber
            default: .noAnswer
            }
        fail(.rejected, code, cause, .empty, &writer, trunks)
        release(&writer, &trunks)
        end(.remote, .finalResponse, code, cause, &writer)
        return nil
    }

    private mutating func cancel(
        _ writer: inout FactWriter, _ trunks: inout TrunkBank
    ) -> Int64? {
        end(.local, .cancel, nil, .normalClearing, &writer)
        fail(.cancelled, .code(487), nil, .empty, &writer, trunks)
        release(&writer, &trunks)
        return nil
    }

    private func answer(_ writer: inout FactWriter, _ trunks: TrunkBank) {
        let response = leg.answer(parties, datagrams: writer.datagrams)
        writer.record(
            .attemptAnswered(
                AttemptAnswered(
                    call: id, trunk: trunks.names[trunk], attempt: attempt, code: .code(200),
                    toTag: leg.toTag, response: response)))
        let relayed = parties.answer(leg, datagrams: writer.datagrams)
        writer.record(
            .callAnswered(CallAnswered(call: id, toTag: parties.ourTag, response: relayed)))
    }

    private func fail(
        _ cause: AttemptFailure, _ code: StatusCode, _ q850: Q850Cause?, _ reason: Octets,
        _ writer: inout FactWriter, _ trunks: TrunkBank
    ) {
        writer.record(
            .attemptFailed(
                AttemptFailed(
                    call: id, trunk: trunks.names[trunk], attempt: attempt, cause: cause,
                    code: code, q850: q850, reason: reason)))
    }

    private func release(_ writer: inout FactWriter, _ trunks: inout TrunkBank) {
        trunks.release(trunk)
        writer.record(
            .channelReleased(
                ChannelReleased(
                    call: id, trunk: trunks.names[trunk], attempt: attempt,
                    inUse: trunks.inUse[trunk])))
    }

    private func end(
        _ side: EndedBy, _ source: EndSource, _ code: StatusCode?, _ q850: Q850Cause,
        _ writer: inout FactWriter
    ) {
        writer.record(
            .callEnded(
                CallEnded(
                    call: id, endedBy: side, source: source, code: code, q850: q850,
                    reason: .empty)))
    }
}
