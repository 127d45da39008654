/// RFC 4028 section 4: for how long a session lives without a refresh, and who is to refresh it.
struct SessionExpires: Sendable {
    enum Refresher: Sendable {
        /// Who sent the request.
        case client
        case server
    }

    let seconds: UInt32
    let refresher: Refresher?

    init?(_ text: Bytes) {
        let span = text.span
        var digitsEnd = 0
        while digitsEnd < span.count, span[digitsEnd] &- 48 < 10 { digitsEnd += 1 }
        guard let seconds = span.decimal(0, digitsEnd),
            let parameters = Parameters(text[ByteRange(digitsEnd, span.count)])
        else { return nil }
        self.seconds = seconds
        let role = parameters.value("refresher")
        if role?.matches("uac") == true {
            refresher = .client
        } else if role?.matches("uas") == true {
            refresher = .server
        } else {
            refresher = nil
        }
    }
}

extension SIPMessage {
    var sessionExpires: SessionExpires? { first(.sessionExpires).flatMap(SessionExpires.init) }

    /// Seconds; parameters that RFC 4028 section 5 allows behind them mean nothing.
    var minSE: UInt32? { first(.minSE)?.prefix { $0 &- 48 < 10 }.decimal }
}
