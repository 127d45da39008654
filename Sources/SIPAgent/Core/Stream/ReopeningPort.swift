extension SIPMessage {
    /// Where the peer listens, as the message itself says, should the connection that it was to
    /// leave by be gone: a response opens one to the port in the top Via (RFC 3261 section 18.2.2),
    /// a request inside a dialog to that of its next hop (section 12.2.1.1). The address stays that
    /// of the connection. `nil` for a request outside a dialog, which names no connection.
    var reopeningPort: UInt16? {
        guard isRequest else { return topVia.effectivePort }
        guard to.tag != nil else { return nil }
        let route = index.values(of: .route).first { _ in true }
        let uri = route.flatMap { NameAddress($0)?.uri } ?? requestURI.flatMap { SIPURI($0) }
        guard let uri, uri.isSIP else { return nil }
        return uri.port ?? (topVia.transport == .tls ? 5061 : 5060)
    }
}
