import Ledger
public import TrunkEvents

/// The columns of a CDR, in the order in which CSV and JSON show them.
public enum CDRColumn: String, CaseIterable, Hashable, Sendable {
    case id = "cdr_id"
    case revision = "rev"
    case supersedes
    case call = "call_id"
    case attempt = "attempt_no"
    case firstPosition = "seq_first"
    case lastPosition = "seq_last"
    case node, trunk, carrier, direction
    case account = "acct"
    case dialerReference = "dialer_ref"
    case aRaw = "a_raw"
    case aE164 = "a_e164"
    case bRaw = "b_raw"
    case bE164 = "b_e164"
    case did
    case sipCallID = "sip_call_id"
    case fromTag = "from_tag"
    case toTag = "to_tag"
    case remoteAddress = "remote_addr"
    case seizedAt = "t_seize"
    case rangAt = "t_ring"
    case answeredAt = "t_answer"
    case endedAt = "t_end"
    case releasedAt = "t_release"
    case setup = "setup_ms"
    case talk = "talk_ms"
    case hold = "hold_ms"
    case disposition
    case code = "sip_code"
    case q850
    case reason = "reason_text"
    case endedBy = "ended_by"
    case endSource = "end_source"
    case endUncertainty = "end_uncertainty_ms"
    case inUseAtSeizure = "in_use_at_seize"
    case capAtSeizure = "cap_at_seize"
    case codec, flags
    case dialerCallID = "dialer_call_id"
}

/// A cell of a CDR.
public enum CDRValue: Hashable, Sendable {
    case none
    case text(String)
    /// As they came from the wire.
    case octets(Octets)
    case name(ShortName)
    case record(CDRID)
    case call(CallID)
    case endpoint(Endpoint)
    case integer(Int64)
    case position(UInt64)
    case instant(WallInstant)
    case list([String])

    /// As CSV shows it: nothing is an empty field, a list is joined by `|`.
    public var text: String {
        switch self {
        case .none: ""
        case .text(let text): text
        case .octets(let octets): octets.description
        case .name(let name): name.description
        case .record(let id): id.description
        case .call(let call): call.description
        case .endpoint(let endpoint): endpoint.hostAndPort
        case .integer(let value): String(value)
        case .position(let value): String(value)
        case .instant(let instant): instant.utcText
        case .list(let items): items.joined(separator: "|")
        }
    }
}

extension CDRRow {
    public subscript(column: CDRColumn) -> CDRValue {
        switch column {
        case .id: .record(CDRID(node: node, position: seizedPosition))
        case .revision: .integer(Int64(revision))
        case .supersedes: .none
        case .call: .call(call)
        case .attempt: .integer(Int64(attempt.rawValue))
        case .firstPosition: .position(firstPosition.rawValue)
        case .lastPosition: .position(lastPosition.rawValue)
        case .node: node.map { .name($0) } ?? .none
        case .trunk: .name(trunk.name)
        case .carrier: carrier.map { .name($0.name) } ?? .none
        case .direction: .text(direction.description)
        case .account, .dialerReference, .aRaw, .aE164, .bRaw, .bE164, .did, .sipCallID,
            .fromTag, .toTag, .dialerCallID, .reason, .codec:
            column.text.map { .octets(texts[$0]) } ?? .none
        case .remoteAddress: remote.map { .endpoint($0) } ?? .none
        case .seizedAt: .instant(seizedAt)
        case .rangAt: .maybe(rangAt)
        case .answeredAt: .maybe(answeredAt)
        case .endedAt: .instant(endedAt)
        case .releasedAt: .instant(releasedAt)
        case .setup: .integer(setupMilliseconds)
        case .talk: .integer(talkMilliseconds)
        case .hold: .integer(holdMilliseconds)
        case .disposition: .text(disposition.description)
        case .code: .maybe(code?.rawValue)
        case .q850: .maybe(q850?.rawValue)
        case .endedBy: .text(endedBy.description)
        case .endSource: .text(endSource.description)
        case .endUncertainty: .integer(endUncertaintyMilliseconds)
        case .inUseAtSeizure: .integer(Int64(inUseAtSeizure))
        case .capAtSeizure: .integer(Int64(capAtSeizure))
        case .flags: .list(flags)
        }
    }
}

extension CDRColumn {
    /// The text that stands in it as it came from the wire; `nil` where it holds something else.
    var text: RecordText? {
        switch self {
        case .account: .account
        case .dialerReference: .dialerReference
        case .aRaw: .aRaw
        case .aE164: .aE164
        case .bRaw: .bRaw
        case .bE164: .bE164
        case .did: .did
        case .sipCallID: .sipCallID
        case .fromTag: .fromTag
        case .toTag: .toTag
        case .dialerCallID: .dialerCallID
        case .reason: .reason
        case .codec: .codec
        default: nil
        }
    }
}

extension CDRValue {
    fileprivate static func maybe(_ instant: WallInstant?) -> Self {
        instant.map { .instant($0) } ?? .none
    }
    fileprivate static func maybe(_ value: (some FixedWidthInteger)?) -> Self {
        value.map { .integer(Int64($0)) } ?? .none
    }
}

extension Endpoint {
    /// `192.0.2.1:5060`, `[2001:db8::1]:5060`.
    fileprivate var hostAndPort: String {
        address.isV4 ? "\(address):\(port)" : "[\(address)]:\(port)"
    }
}
