import TrunkEvents

// SIP status codes and Q.850 causes (RFC 3398 sections 7.2.4.1 and 8.2.6.1).
extension Q850Cause {
    /// The cause of a failed call whose peer named none (RFC 3398 section 8.2.6.1).
    init(_ status: StatusCode) {
        let value: UInt8 =
            switch status.rawValue {
            case 404, 485, 604: 1
            case 486, 600: 17
            case 480: 18
            case 401, 402, 403, 407, 603: 21
            case 410: 22
            case 482, 483: 25
            case 484: 28
            case 487: 16
            case 502: 38
            case 400, 481, 500, 503: 41
            case 405: 63
            case 406, 415, 488, 501, 606: 79
            case 408, 504: 102
            default: 127
            }
        guard let cause = Q850Cause(rawValue: value) else {
            preconditionFailure("every row of the table is a cause")
        }
        self = cause
    }

    /// The cause that a message names in its Reason header (RFC 3326).
    init?(reasonOf message: SIPMessage) {
        guard let value = message.q850Cause.flatMap({ UInt8(exactly: $0) }) else { return nil }
        self.init(rawValue: value)
    }

    /// For the Reason header and for people.
    var phrase: StaticString {
        switch rawValue {
        case 1: "Unallocated number"
        case 16: "Normal call clearing"
        case 17: "User busy"
        case 18: "No user responding"
        case 19: "No answer from user"
        case 21: "Call rejected"
        case 22: "Number changed"
        case 25: "Exchange routing error"
        case 28: "Invalid number format"
        case 34: "No circuit or channel available"
        case 38: "Network out of order"
        case 41: "Temporary failure"
        case 63: "Service or option not available"
        case 79: "Service or option not implemented"
        case 102: "Recovery on timer expiry"
        default: "Interworking"
        }
    }
}

extension StatusCode {
    /// For a status that a message holds: the parser lets no other through.
    init(_ message: SIPMessage) {
        guard let status = message.status, let code = StatusCode(rawValue: status) else {
            preconditionFailure("only a response has a status")
        }
        self = code
    }
}
