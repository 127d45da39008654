import TrunkEvents

/// What a fact looks like in a ladder.
public enum LadderLine: Hashable, Sendable {
    /// A SIP message between two parties.
    case message(from: LadderParty, to: LadderParty, text: String)
    /// What the agent decided or concluded.
    case note(String)

    public var text: String {
        switch self {
        case .message(_, _, let text), .note(let text): text
        }
    }
}

extension LadderLine {
    init(_ event: Event, _ direction: CallDirection) {
        let sides = LadderSides(direction)
        self =
            Self.leg(event, sides) ?? Self.dialog(event, sides) ?? Self.channel(event)
            ?? .note(event.kind.description)
    }

    /// The two INVITEs and their answers.
    private static func leg(_ event: Event, _ sides: LadderSides) -> LadderLine? {
        switch event {
        case .callStarted(let fact):
            .message(from: sides.caller, to: .agent, text: "INVITE \(fact.bRaw)")
        case .attemptSent(let fact):
            .message(
                from: .agent, to: sides.called,
                text: fact.calledLeg == .trunk ? "INVITE \(fact.trunk)" : "INVITE")
        case .attemptProgressed(let fact):
            .message(from: sides.called, to: .agent, text: fact.code.progress)
        case .attemptAnswered(let fact):
            .message(
                from: sides.called, to: .agent, text: SIPText.status(of: fact.response, fact.code))
        case .callAnswered(let fact):
            .message(
                from: .agent, to: sides.caller,
                text: SIPText.status(of: fact.response, .code(200)))
        case .attemptFailed(let fact): failure(fact, sides)
        default: nil
        }
    }

    private static func failure(_ fact: AttemptFailed, _ sides: LadderSides) -> LadderLine {
        guard let code = fact.code else {
            let reason = fact.reason.isEmpty ? "" : ", \(fact.reason)"
            return .note("\(fact.trunk): no final answer (\(fact.cause)\(reason))")
        }
        return .message(from: sides.called, to: .agent, text: code.text(fact.reason))
    }

    /// What happens within the dialogs, and their end.
    private static func dialog(_ event: Event, _ sides: LadderSides) -> LadderLine? {
        switch event {
        case .modificationSent(let fact):
            .message(
                from: sides[fact.initiator], to: sides.other(fact.initiator), text: "re-INVITE")
        case .callModified(let fact):
            .message(
                from: sides.other(fact.initiator), to: sides[fact.initiator],
                text: "\(fact.code.rawValue) to \(fact.response.isEmpty ? "UPDATE" : "re-INVITE")")
        case .modificationFailed(let fact):
            .message(
                from: sides.other(fact.initiator), to: sides[fact.initiator],
                text: "\(fact.code.rawValue) to re-INVITE")
        case .callEnded(let fact): end(fact, sides)
        case .callRecovered(let fact):
            .note("ended between \(fact.endLowerBound.utcText) and \(fact.endUpperBound.utcText)")
        case .callContinued(let fact):
            .note("goes on after a restart; alive at \(fact.aliveAt.utcText)")
        case .callInterim: .note("both sides still have the call")
        case .sequencesReserved(let fact): .note("CSeq up to \(fact.sequence), \(fact.leg)")
        case .sessionTimerChanged(let fact):
            .note("session timer, \(fact.leg): \(fact.interval.map { "\($0) s" } ?? "none")")
        case .transferBegun(let fact):
            .note("for a transfer that the \(fact.leaving) of call \(fact.from) asked for")
        case .callTransferred(let fact):
            .note("the \(fact.leaving) leaves; goes on with call \(fact.to)")
        default: nil
        }
    }

    private static func end(_ fact: CallEnded, _ sides: LadderSides) -> LadderLine {
        let party = fact.endedBy == .local ? LadderParty.dialer : .carrier
        switch fact.source {
        case .bye where fact.endedBy != .agent:
            return .message(from: party, to: .agent, text: "BYE")
        case .cancel where fact.endedBy != .agent:
            return .message(from: party, to: .agent, text: "CANCEL")
        case .finalResponse:
            guard let code = fact.code else { break }
            return .message(from: .agent, to: sides.caller, text: code.text(fact.reason))
        default: break
        }
        let code = fact.code.map { ", \($0.text(fact.reason))" } ?? ""
        return .note("ended by \(fact.endedBy): \(fact.source)\(code)")
    }

    private static func channel(_ event: Event) -> LadderLine? {
        switch event {
        case .routeChosen(let fact):
            let trunks = fact.trunks.map(\.description).joined(separator: ", then ")
            return .note("route '\(fact.prefix)': \(trunks)")
        case .channelSeized(let fact):
            return .note("\(fact.trunk): channel \(fact.inUse) of \(fact.cap) taken")
        case .channelReleased(let fact):
            return .note("\(fact.trunk): channel given back, \(fact.inUse) in use")
        case .channelRefused(let fact):
            return .note(
                "\(fact.trunk): no channel (\(fact.reason)), \(fact.inUse) of \(fact.cap) in use")
        default: return nil
        }
    }
}

/// On which side of the agent a call's parties are.
private struct LadderSides {
    let caller: LadderParty
    let called: LadderParty

    init(_ direction: CallDirection) {
        caller = direction == .outbound ? .dialer : .carrier
        called = direction == .outbound ? .carrier : .dialer
    }

    subscript(party: CallParty) -> LadderParty { party == .caller ? caller : called }
    func other(_ party: CallParty) -> LadderParty { party == .caller ? called : caller }
}

extension StatusCode {
    /// `486 Busy Here`; the number alone where no reason was recorded.
    fileprivate func text(_ reason: Octets) -> String {
        reason.isEmpty ? String(rawValue) : "\(rawValue) \(reason)"
    }

    /// RFC 3261 section 21.1.
    fileprivate var progress: String {
        switch rawValue {
        case 180: "180 Ringing"
        case 181: "181 Call Is Being Forwarded"
        case 182: "182 Queued"
        case 183: "183 Session Progress"
        default: String(rawValue)
        }
    }
}

extension SIPText {
    /// `200 OK` of a response's first line; the code alone where there is no such line.
    fileprivate static func status(of response: Octets, _ code: StatusCode) -> String {
        let line = response.bytes.span.bytes.line(from: 0).text
        let words = String(decoding: response.bytes[line], as: UTF8.self)
            .split(separator: " ", maxSplits: 1)
        return words.count == 2 ? String(words[1]) : String(code.rawValue)
    }
}
