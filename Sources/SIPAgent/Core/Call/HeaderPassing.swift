import TrunkEvents

/// Which headers cross from one leg to the other: all but those of one hop or one dialog.
///
/// Across, untouched and in order: SDP and its headers, Identity, Date, P-Asserted-Identity,
/// Privacy, Diversion, Reason, X-* and every header we do not know. Each leg has its own: Via,
/// Call-ID, tags, CSeq, Contact, Route, Record-Route, Max-Forwards, credentials, Supported,
/// Require, Allow, session timers.
///
/// What is left out of Supported and Require is not offered across: each leg has extensions of its
/// own (`CallSettings`).
enum HeaderPassing {
    /// What describes a body.
    static let bodyHeaders: HeaderSet = [
        .contentType, .contentDisposition, .contentEncoding, .contentLanguage, .mimeVersion,
    ]

    static let held = HeaderSet.neverCrossing

    /// Methods that this agent takes, for Allow.
    static let served = ServedSet(
        methods: [.invite, .ack, .cancel, .bye, .options, .prack, .info, .update, .message],
        extensions: ["timer"], bodyTypes: ["application/sdp", "multipart/*"])

    /// What an INVITE that begins a call may require besides.
    static let servedForCalls = ServedSet(
        methods: served.methods, extensions: ["100rel", "timer"], bodyTypes: served.bodyTypes)

    /// What is taken inside a call only, and only where the configuration says so.
    static let servedInTransfers = ServedSet(
        methods: served.methods + [.refer, .notify], extensions: [],
        bodyTypes: servedAnyBody.bodyTypes)

    /// INFO and MESSAGE carry what their ends agreed on.
    static let servedAnyBody = ServedSet(
        methods: served.methods, extensions: [],
        bodyTypes: [
            "application/*", "text/*", "multipart/*", "message/*", "image/*", "audio/*", "video/*",
        ])
}

extension MessageWriter {
    /// What every INVITE and every answer to one says of this agent.
    mutating func ownHeaders(contact: [UInt8]) {
        header(.contact, contact)
        allow(HeaderPassing.served)
    }

    /// The other leg's headers and body.
    consuming func finish(passing message: SIPMessage, except ids: HeaderSet = []) -> [UInt8] {
        copyHeaders(of: message, except: HeaderPassing.held.union(ids))
        return finish(body: message.body)
    }

    /// The other leg's headers and body; where it has no body, that of another message.
    consuming func finish(passing message: SIPMessage, orBodyOf other: SIPMessage?) -> [UInt8] {
        guard message.body.isEmpty, let other else { return finish(passing: message) }
        copyHeaders(of: message, except: HeaderPassing.held.union(HeaderPassing.bodyHeaders))
        copyHeaders(of: other, only: HeaderPassing.bodyHeaders)
        return finish(body: other.body)
    }

    /// Whole header lines, for what is added to a message made elsewhere.
    static func lines(_ write: (inout MessageWriter) -> Void) -> [UInt8] {
        var writer = MessageWriter(capacity: 96)
        write(&writer)
        return writer.bytes
    }

    mutating func reason(_ cause: Q850Cause) {
        reason(q850: UInt16(cause.rawValue), text: cause.phrase)
    }
}
