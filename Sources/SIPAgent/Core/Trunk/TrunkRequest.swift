import TrunkEvents

/// A request of our own to a carrier, outside of calls.
struct TrunkRequest: Hashable, Sendable {
    /// To be handed back with the answer.
    var id: TrunkRequestID
    var content: Content
    /// The listener that it leaves from.
    var local: Endpoint
    var remote: Endpoint

    enum Content: Hashable, Sendable {
        case register(RegisterRequest)
        case options(OptionsRequest)
    }

    var method: Method {
        switch content {
        case .register: .register
        case .options: .options
        }
    }

    /// The whole message.
    func message(via: ViaHead) -> [UInt8] {
        switch content {
        case .register(let register): register.message(via: via)
        case .options(let options): options.message(via: via)
        }
    }
}

/// Which request of which machine an answer belongs to.
struct TrunkRequestID: Hashable, Sendable {
    enum Purpose: Hashable, Sendable {
        case registration
        case probe
    }

    var trunk: TrunkName
    /// A reload replaces machines; answers to those of before find nobody.
    var generation: UInt32
    var purpose: Purpose
    var cseq: UInt32
}

/// What a trunk wants done.
enum TrunkAction: Hashable, Sendable {
    case send(TrunkRequest)
    case record(Event)
}

/// Why a request of a trunk got no answer.
enum TrunkRequestFailure: Hashable, Sendable {
    case timeout
    /// The datagram could not be sent.
    case transport
}
