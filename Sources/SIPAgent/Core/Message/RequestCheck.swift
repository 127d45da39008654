/// RFC 3261 section 8.2, steps 1 to 3, for a request outside a dialog or inside one: may this
/// element take it at all? Malformed requests never come here; see `ParseOutcome`.
enum RequestCheck {
    static func verdict(_ request: SIPMessage, served: ServedSet = .calls) -> MessageVerdict {
        guard let method = request.method else { return .drop }
        guard let rejection = rejection(request, method, served) else { return .accept }
        return method == .ack ? .drop : .reject(rejection)
    }

    private static func rejection(
        _ request: SIPMessage, _ method: Method, _ served: ServedSet
    ) -> Rejection? {
        if method == .other { return .notImplemented }
        if !served.methods.contains(method) { return .methodNotAllowed }
        // Section 8.2.2.1. tel names a number, which a route can serve as well.
        if let uri = request.requestURI.flatMap(SIPURI.init), uri.scheme == .other {
            return .unsupportedURIScheme
        }
        // Section 8.2.2.3: never for a CANCEL or an ACK.
        if method != .cancel, method != .ack, !unsupported(by: served, in: request).isEmpty {
            return .badExtension
        }
        if !canPassBody(of: request, served) { return .unsupportedMediaType }
        if method == .invite, !acceptsSessionDescription(request) { return .notAcceptable }
        // An OPTIONS ends here whatever its count is; a call goes one hop further.
        if method == .invite, request.maxForwards == 0 { return .tooManyHops }
        return nil
    }

    /// The option tags of Require and Proxy-Require that `served` does not hold.
    static func unsupported(by served: ServedSet, in request: SIPMessage) -> [Bytes] {
        [HeaderID.require, .proxyRequire].flatMap { id in
            request.values(of: id).filter { tag in
                !served.extensions.contains { tag.matches($0) }
            }
        }
    }

    /// Section 8.2.3. A body that may be ignored (`handling=optional`, section 20.11) is passed on.
    private static func canPassBody(of request: SIPMessage, _ served: ServedSet) -> Bool {
        guard !request.body.isEmpty, let type = request.contentType else { return true }
        if let encoding = request.first(.contentEncoding), !encoding.matches("identity") {
            return false
        }
        if MediaType(type).map({ type in served.bodyTypes.contains(where: type.matches) }) ?? false
        {
            return true
        }
        guard let disposition = request.first(.contentDisposition),
            let semicolon = disposition.firstIndex(of: UInt8(ascii: ";"))
        else { return false }
        return Parameters(disposition[semicolon...])?.value("handling")?.matches("optional")
            ?? false
    }

    /// Section 20.1: no Accept means SDP; an empty one means nothing.
    private static func acceptsSessionDescription(_ request: SIPMessage) -> Bool {
        guard request.index.contains(.accept) else { return true }
        return request.values(of: .accept).contains { range in
            guard let type = MediaType(range) else { return false }
            return type.covers("application", "sdp")
        }
    }
}

/// RFC 3261 section 8.1.3: may this response be given to a transaction?
enum ResponseCheck {
    static func verdict(_ response: SIPMessage) -> MessageVerdict {
        guard response.status != nil else { return .drop }
        // Section 8.1.3.3: with more than one Via it was meant for another element.
        var vias = response.values(of: .via)
        _ = vias.next()
        return vias.next() == nil ? .accept : .drop
    }
}
