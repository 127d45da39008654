import Testing

@testable import TrunkEvents

@Suite struct FactViewTests {
    private func withView<Value>(
        of event: Event, _ body: (FactView) throws -> Value
    ) rethrows -> Value {
        var bytes: [UInt8] = []
        event.encode(into: &bytes)
        return try body(
            FactView(kind: event.kind, version: event.version, payload: bytes.span.bytes))
    }

    @Test(arguments: oneOfEach)
    func aFactSeenWholeIsTheFact(event: Event) throws {
        let seen = try withView(of: event) { try $0.event() }
        #expect(seen == event)
    }

    /// What is read in part agrees with what is decoded whole.
    @Test(arguments: oneOfEach)
    func partsAgreeWithTheWhole(event: Event) throws {
        try withView(of: event) { view in
            switch event {
            case .callStarted(let fact): expect(try view.callStarted(), fact)
            case .attemptSent(let fact): expect(try view.attemptSent(), fact)
            case .attemptAnswered(let fact): expect(try view.attemptAnswered(), fact)
            case .callAnswered(let fact): expect(try view.callAnswered(), fact)
            case .channelSeized(let fact):
                let place = try view.attempt()
                #expect(place == AttemptPlace(fact.call, fact.trunk, fact.attempt))
            case .channelReleased(let fact):
                let place = try view.attempt()
                #expect(place == AttemptPlace(fact.call, fact.trunk, fact.attempt))
            case .attemptProgressed(let fact):
                let place = try view.attempt()
                #expect(place == AttemptPlace(fact.call, fact.trunk, fact.attempt))
            case .attemptFailed(let fact):
                let place = try view.attempt()
                #expect(place == AttemptPlace(fact.call, fact.trunk, fact.attempt))
            default: break
            }
            if event.stream.rawValue == 0x0123_4567_89AB_CDEF {
                let call = try view.call()
                #expect(FactStream(call) == event.stream)
            }
        }
    }

    private func expect(_ seen: CallStartedView, _ fact: CallStarted) {
        let texts = [
            Octets(copying: seen.aRaw), Octets(copying: seen.aE164), Octets(copying: seen.bRaw),
            Octets(copying: seen.bE164), Octets(copying: seen.did),
            Octets(copying: seen.account), Octets(copying: seen.dialerReference),
            Octets(copying: seen.sipCallID), Octets(copying: seen.invite),
        ]
        let wanted = [
            fact.aRaw, fact.aE164, fact.bRaw, fact.bE164, fact.did, fact.account,
            fact.dialerReference, fact.sipCallID, fact.invite,
        ]
        let (call, direction, source) = (seen.call, seen.direction, seen.source)
        #expect(texts == wanted && call == fact.call)
        #expect(direction == fact.direction && source == fact.source)
    }

    private func expect(_ seen: AttemptSentView, _ fact: AttemptSent) {
        let (place, remote) = (seen.place, seen.remote)
        let texts = [Octets(copying: seen.sipCallID), Octets(copying: seen.fromTag)]
        #expect(place == AttemptPlace(fact.call, fact.trunk, fact.attempt))
        #expect(remote == fact.remote && texts == [fact.sipCallID, fact.fromTag])
    }

    private func expect(_ seen: AttemptAnsweredView, _ fact: AttemptAnswered) {
        let (place, code) = (seen.place, seen.code)
        let texts = [Octets(copying: seen.toTag), Octets(copying: seen.response)]
        #expect(place == AttemptPlace(fact.call, fact.trunk, fact.attempt))
        #expect(code == fact.code && texts == [fact.toTag, fact.response])
    }

    private func expect(_ seen: CallAnsweredView, _ fact: CallAnswered) {
        let call = seen.call
        let texts = [Octets(copying: seen.toTag), Octets(copying: seen.response)]
        #expect(call == fact.call && texts == [fact.toTag, fact.response])
    }

    /// Cut anywhere, or too long, a message's fact is refused.
    @Test(arguments: oneOfEach)
    func aFactOfAMessageIsReadToItsEnd(event: Event) throws {
        var bytes: [UInt8] = []
        event.encode(into: &bytes)
        for payload in (0..<bytes.count).map({ Array(bytes[..<$0]) }) + [bytes + [0]] {
            let view = FactView(
                kind: event.kind, version: event.version, payload: payload.span.bytes)
            let isRefused = isRefused(view)
            #expect(isRefused, "\(payload.count) bytes of \(bytes.count)")
        }
    }

    private func isRefused(_ view: FactView) -> Bool {
        do {
            switch view.kind {
            case .callStarted: _ = try view.callStarted().call
            case .attemptSent: _ = try view.attemptSent().place
            case .attemptAnswered: _ = try view.attemptAnswered().place
            case .callAnswered: _ = try view.callAnswered().call
            default: _ = try view.event()
            }
            return false
        } catch {
            return true
        }
    }
}

extension AttemptPlace {
    fileprivate init(_ call: CallID, _ trunk: TrunkName, _ attempt: AttemptNumber) {
        self.init(call: call, trunk: trunk, attempt: attempt)
    }
}
