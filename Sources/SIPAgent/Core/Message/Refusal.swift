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
            let tags = RequestCheck.unsupported(by: served, in: request)
            writer.list(.unsupported, tags) { writer, tag in writer.append(tag) }
        case .unsupportedMediaType:
            writer.list(.accept, served.bodyTypes) { writer, type in writer.append(type) }
        case .unsupportedURIScheme, .notAcceptable, .tooManyHops: break
        }
        return writer.finish()
    }

    /// Allow with the methods of `served`.
    mutating func allow(_ served: ServedSet = .calls) {
        list(.allow, served.methods) { writer, method in writer.append(method.name) }
    }

    /// Supported with the extensions of `served`.
    mutating func supported(_ served: ServedSet = .calls) {
        list(.supported, served.extensions) { writer, tag in writer.append(tag) }
    }

    /// Every INVITE and its answers have such a list: it takes nothing from the heap.
    private mutating func list<Value>(
        _ id: HeaderID, _ values: [Value], _ write: (inout MessageWriter, Value) -> Void
    ) {
        startHeader(id)
        for (position, value) in values.enumerated() {
            if position > 0 { append(", ") }
            write(&self, value)
        }
        endLine()
    }
}
