internal import TrunkEvents

extension MessageWriter {
    /// The whole answer to a request that `RequestCheck` refused, with the headers its status asks
    /// for.
    static func refusal(
        of request: SIPMessage, _ rejection: Rejection, served: ServedSet = .calls, toTag: Bytes,
        source: Endpoint? = nil
    ) -> [UInt8] {
        var writer = MessageWriter(
            responseTo: request, status: rejection.status, toTag: toTag, source: source)
        switch rejection {
        case .methodNotAllowed, .notImplemented: writer.allow(served)
        case .badExtension:
            writer.list(.unsupported, RequestCheck.unsupported(by: served, in: request))
        case .unsupportedMediaType: writer.list(.accept, served.bodyTypes.map { Bytes($0) })
        case .unsupportedURIScheme, .notAcceptable, .tooManyHops: break
        }
        return writer.finish()
    }

    /// Allow with the methods of `served`.
    mutating func allow(_ served: ServedSet = .calls) {
        list(.allow, served.methods.map { Bytes($0.name) })
    }

    /// Supported with the extensions of `served`.
    mutating func supported(_ served: ServedSet = .calls) {
        list(.supported, served.extensions.map { Bytes($0) })
    }

    mutating func list(_ id: HeaderID, _ values: [Bytes]) {
        startHeader(id)
        for (position, value) in values.enumerated() {
            if position > 0 { append(", ") }
            append(value)
        }
        endLine()
    }
}
