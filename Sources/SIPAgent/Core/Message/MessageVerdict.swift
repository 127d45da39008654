/// What to do with a message that parsed, before any transaction user sees it.
enum MessageVerdict: Equatable, Sendable {
    case accept
    case reject(Rejection)
    /// No answer: a response that is not ours, or an ACK that cannot be taken.
    case drop
}

/// A refusal and what its answer must carry (RFC 3261 section 8.2).
enum Rejection: Equatable, Sendable {
    /// 405, a method we know but do not serve; with Allow.
    case methodNotAllowed
    /// 501, a method nobody here knows; with Allow.
    case notImplemented
    /// 416.
    case unsupportedURIScheme
    /// 420; with Unsupported, naming what Require asked for.
    case badExtension
    /// 415; with Accept.
    case unsupportedMediaType
    /// 406: the caller takes no answer that we can give.
    case notAcceptable
    /// 483: a call that may go no further hop.
    case tooManyHops

    var status: UInt16 {
        switch self {
        case .methodNotAllowed: 405
        case .notImplemented: 501
        case .unsupportedURIScheme: 416
        case .badExtension: 420
        case .unsupportedMediaType: 415
        case .notAcceptable: 406
        case .tooManyHops: 483
        }
    }
}

/// What this element serves.
struct ServedSet: Sendable {
    var methods: [Method]
    /// Option tags we may be required to use (lower case).
    var extensions: [StaticString]
    /// Body types we can pass on, `type/subtype` or `type/*`.
    var bodyTypes: [StaticString]

    init(methods: [Method], extensions: [StaticString], bodyTypes: [StaticString]) {
        self.methods = methods
        self.extensions = extensions
        self.bodyTypes = bodyTypes
    }

    /// The least that a back-to-back agent for calls serves: it requires nothing of either side
    /// that it would have to take part in.
    static let calls = ServedSet(
        methods: [.invite, .ack, .cancel, .bye, .options],
        extensions: [],
        bodyTypes: ["application/sdp", "multipart/*"])
}
