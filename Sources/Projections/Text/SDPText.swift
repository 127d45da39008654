import TrunkEvents

/// The codec that an answer chose (RFC 8866 section 5.14, RFC 3264 section 6.1).
enum SDPText {
    /// The encoding name of the first audio format; empty where there is no audio.
    static func firstCodec(ofBodyIn message: Octets) -> Octets {
        let lines = SIPText.lines(SIPText.body(of: message)).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard let media = lines.firstIndex(where: { $0.hasPrefix("m=audio ") }) else {
            return .empty
        }
        let fields = lines[media].split(separator: " ")
        guard fields.count > 3 else { return .empty }
        let format = fields[3]
        let prefix = "a=rtpmap:\(format) "
        let section = lines[(media + 1)...].prefix { !$0.hasPrefix("m=") }
        if let map = section.first(where: { $0.hasPrefix(prefix) }) {
            let name = map.dropFirst(prefix.count).prefix { $0 != "/" && $0 != " " }
            return Octets(name)
        }
        return Octets(staticName(format) ?? String(format))
    }

    /// RFC 3551 section 6: payload types that need no rtpmap.
    private static func staticName(_ format: Substring) -> String? {
        switch format {
        case "0": "PCMU"
        case "3": "GSM"
        case "4": "G723"
        case "8": "PCMA"
        case "9": "G722"
        case "15": "G728"
        case "18": "G729"
        default: nil
        }
    }
}
