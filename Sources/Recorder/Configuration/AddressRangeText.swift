internal import SIPAgent
internal import TrunkEvents

/// `192.0.2.7`, `10.0.0.0/24`, `2001:db8::/32`.
enum AddressRangeText {
    /// `nil` when `text` is a host name.
    static func parse(_ text: String) throws(TextProblem) -> AddressRange? {
        guard let slash = text.firstIndex(of: "/") else {
            if let address = IPAddress(text) { return AddressRange(base: address) }
            if text.contains(":") {
                throw TextProblem("'\(text)' is no source; a source is an address without a port")
            }
            _ = try HostPort(text)
            return nil
        }
        guard let base = IPAddress(text[..<slash]) else {
            throw TextProblem("'\(text)' is no address range; write it like 10.0.0.0/24")
        }
        let most = base.isV4 ? 32 : 128
        guard let bits = Int(text[text.index(after: slash)...]), (0...most).contains(bits) else {
            throw TextProblem("'\(text)' has no prefix length from 0 to \(most) after the slash")
        }
        return AddressRange(base: base, prefixLength: base.isV4 ? bits + 96 : bits)
    }
}

extension AddressRange {
    /// True when some address lies in both: one holds the other's base.
    func overlaps(_ other: AddressRange) -> Bool {
        prefixLength <= other.prefixLength ? contains(other.base) : other.contains(base)
    }
}
