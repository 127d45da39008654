/// The header fields this element knows by name. All others are `other` and keep their bytes.
enum HeaderID: UInt8, CaseIterable, Sendable {
    case accept, acceptContact, acceptEncoding, acceptLanguage, alertInfo, allow, allowEvents
    case authenticationInfo, authorization, callID, callInfo, contact, contentDisposition
    case contentEncoding, contentLanguage, contentLength, contentType, cseq, date, diversion
    case event, expires, from, historyInfo, identity, maxForwards, mimeVersion, minExpires
    case minSE, pAssertedIdentity, pPreferredIdentity, path, priority, privacy
    case proxyAuthenticate, proxyAuthorization, proxyRequire, rack, reason, recordRoute, referTo
    case referredBy, remotePartyID, replaces, replyTo, require, retryAfter, route, rseq, server
    case serviceRoute, sessionExpires, subject, subscriptionState, supported, timestamp, to
    case unsupported, userAgent, via, warning, wwwAuthenticate
    case other

    /// The long form that this element writes; empty for `other`.
    var name: StaticString {
        switch self {
        case .accept: "Accept"
        case .acceptContact: "Accept-Contact"
        case .acceptEncoding: "Accept-Encoding"
        case .acceptLanguage: "Accept-Language"
        case .alertInfo: "Alert-Info"
        case .allow: "Allow"
        case .allowEvents: "Allow-Events"
        case .authenticationInfo: "Authentication-Info"
        case .authorization: "Authorization"
        case .callID: "Call-ID"
        case .callInfo: "Call-Info"
        case .contact: "Contact"
        case .contentDisposition: "Content-Disposition"
        case .contentEncoding: "Content-Encoding"
        case .contentLanguage: "Content-Language"
        case .contentLength: "Content-Length"
        case .contentType: "Content-Type"
        case .cseq: "CSeq"
        case .date: "Date"
        case .diversion: "Diversion"
        case .event: "Event"
        case .expires: "Expires"
        case .from: "From"
        case .historyInfo: "History-Info"
        case .identity: "Identity"
        case .maxForwards: "Max-Forwards"
        case .mimeVersion: "MIME-Version"
        case .minExpires: "Min-Expires"
        case .minSE: "Min-SE"
        case .pAssertedIdentity: "P-Asserted-Identity"
        case .pPreferredIdentity: "P-Preferred-Identity"
        case .path: "Path"
        case .priority: "Priority"
        case .privacy: "Privacy"
        case .proxyAuthenticate: "Proxy-Authenticate"
        case .proxyAuthorization: "Proxy-Authorization"
        case .proxyRequire: "Proxy-Require"
        case .rack: "RAck"
        case .reason: "Reason"
        case .recordRoute: "Record-Route"
        case .referTo: "Refer-To"
        case .referredBy: "Referred-By"
        case .remotePartyID: "Remote-Party-ID"
        case .replaces: "Replaces"
        case .replyTo: "Reply-To"
        case .require: "Require"
        case .retryAfter: "Retry-After"
        case .route: "Route"
        case .rseq: "RSeq"
        case .server: "Server"
        case .serviceRoute: "Service-Route"
        case .sessionExpires: "Session-Expires"
        case .subject: "Subject"
        case .subscriptionState: "Subscription-State"
        case .supported: "Supported"
        case .timestamp: "Timestamp"
        case .to: "To"
        case .unsupported: "Unsupported"
        case .userAgent: "User-Agent"
        case .via: "Via"
        case .warning: "Warning"
        case .wwwAuthenticate: "WWW-Authenticate"
        case .other: ""
        }
    }

    /// The one-letter form in lower case (RFC 3261 section 7.3.3 and the RFCs of later headers).
    init?(compact byte: UInt8) {
        switch lowercased(byte) {
        case UInt8(ascii: "a"): self = .acceptContact
        case UInt8(ascii: "b"): self = .referredBy
        case UInt8(ascii: "c"): self = .contentType
        case UInt8(ascii: "e"): self = .contentEncoding
        case UInt8(ascii: "f"): self = .from
        case UInt8(ascii: "i"): self = .callID
        case UInt8(ascii: "k"): self = .supported
        case UInt8(ascii: "l"): self = .contentLength
        case UInt8(ascii: "m"): self = .contact
        case UInt8(ascii: "o"): self = .event
        case UInt8(ascii: "r"): self = .referTo
        case UInt8(ascii: "s"): self = .subject
        case UInt8(ascii: "t"): self = .to
        case UInt8(ascii: "u"): self = .allowEvents
        case UInt8(ascii: "v"): self = .via
        case UInt8(ascii: "x"): self = .sessionExpires
        case UInt8(ascii: "y"): self = .identity
        default: return nil
        }
    }
}
