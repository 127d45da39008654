import TrunkEvents

/// Why an attempt ended, for formats that have a Q.850 cause in every row.
enum HangupCause {
    /// The cause that the far side gave, else the usual one of the disposition.
    static func q850(of row: CDRRow) -> UInt8 {
        if let cause = row.q850 { return cause.rawValue }
        return switch row.disposition {
        case .answered, .cancelled: Q850Cause.normalClearing.rawValue
        case .busy: Q850Cause.userBusy.rawValue
        case .noAnswer: Q850Cause.noAnswer.rawValue
        case .rejected: Q850Cause.callRejected.rawValue
        case .carrierFull: Q850Cause.noCircuitAvailable.rawValue
        case .failed: Q850Cause.temporaryFailure.rawValue
        }
    }

    /// FreeSWITCH's name of the cause.
    static func freeSWITCHName(of row: CDRRow) -> String {
        if row.disposition == .cancelled { return "ORIGINATOR_CANCEL" }
        return freeSWITCHNames[q850(of: row)] ?? "NORMAL_UNSPECIFIED"
    }

    private static let freeSWITCHNames: [UInt8: String] = [
        1: "UNALLOCATED_NUMBER", 2: "NO_ROUTE_TRANSIT_NET", 3: "NO_ROUTE_DESTINATION",
        16: "NORMAL_CLEARING", 17: "USER_BUSY", 18: "NO_USER_RESPONSE", 19: "NO_ANSWER",
        20: "SUBSCRIBER_ABSENT", 21: "CALL_REJECTED", 22: "NUMBER_CHANGED",
        27: "DESTINATION_OUT_OF_ORDER", 28: "INVALID_NUMBER_FORMAT", 29: "FACILITY_REJECTED",
        31: "NORMAL_UNSPECIFIED", 34: "NORMAL_CIRCUIT_CONGESTION", 38: "NETWORK_OUT_OF_ORDER",
        41: "NORMAL_TEMPORARY_FAILURE", 42: "SWITCH_CONGESTION", 44: "REQUESTED_CHAN_UNAVAIL",
        50: "FACILITY_NOT_SUBSCRIBED", 57: "BEARERCAPABILITY_NOTAUTH",
        58: "BEARERCAPABILITY_NOTAVAIL", 63: "SERVICE_UNAVAILABLE",
        65: "BEARERCAPABILITY_NOTIMPL", 69: "FACILITY_NOT_IMPLEMENTED",
        79: "SERVICE_NOT_IMPLEMENTED", 88: "INCOMPATIBLE_DESTINATION",
        102: "RECOVERY_ON_TIMER_EXPIRE", 111: "PROTOCOL_ERROR", 127: "INTERWORKING",
    ]
}
