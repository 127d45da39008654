@testable import SIPAgent

/// A message as it is on the wire, from a text with plain line ends.
func wire(_ text: String) -> [UInt8] {
    Array(text.replacing("\n", with: "\r\n").utf8)
}

func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

func text(_ bytes: Bytes?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

func bytes(_ text: String) -> Bytes { Array(text.utf8)[...] }

/// What this element does with a datagram, from parser and checks together.
enum Treatment: Equatable, CustomStringConvertible {
    case accept
    case answer(UInt16)
    case drop

    init(of datagram: [UInt8]) {
        switch ParseOutcome(parsing: datagram) {
        case .unusable: self = .drop
        case .malformedRequest(let request): self = .answer(request.fault.status)
        case .message(let message):
            let verdict =
                message.isRequest
                ? RequestCheck.verdict(message) : ResponseCheck.verdict(message)
            switch verdict {
            case .accept: self = .accept
            case .reject(let rejection): self = .answer(rejection.status)
            case .drop: self = .drop
            }
        }
    }

    var description: String {
        switch self {
        case .accept: "accept"
        case .answer(let status): "\(status)"
        case .drop: "drop"
        }
    }
}

/// An INVITE with all that a call has; tests replace lines of it.
let plainInvite = """
    INVITE sip:+12125550100@192.0.2.1:5060;user=phone SIP/2.0
    Via: SIP/2.0/UDP 192.0.2.9:5061;branch=z9hG4bK776asdhds;rport
    Max-Forwards: 70
    From: "Alice \\"A\\"" <sip:alice@atlanta.example.com>;tag=1928301774
    To: <sip:+12125550100@192.0.2.1>
    Call-ID: a84b4c76e66710@pc33.atlanta.example.com
    CSeq: 314159 INVITE
    Contact: <sip:alice@192.0.2.9:5061;transport=udp>;expires=60
    Record-Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>
    Record-Route: <sip:p3.example.com;lr>
    Allow: INVITE, ACK, CANCEL, BYE
    Supported: timer,100rel
    X-Campaign: 42; a=1, b=2
    Content-Type: application/sdp
    Content-Length: 5

    v=0

    """

func message(_ source: String) throws -> SIPMessage {
    try SIPMessage(parsing: wire(source))
}
