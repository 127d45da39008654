import Ledger
import TrunkEvents

/// The two numbers of a call, for formats that have one field for each.
extension CDRRow {
    /// E.164 where the number has such a form, else as it was received.
    var callingNumber: String { Self.firstText(aE164.description, aRaw.description) }

    /// The number that the caller wanted, and for an inbound call the DID that it came in on.
    var calledNumber: String {
        switch direction {
        case .outbound: Self.firstText(bE164.description, bRaw.description)
        case .inbound: Self.firstText(did.description, bE164.description, bRaw.description)
        }
    }

    /// The trunk leg in the manner of Asterisk, where tools look for the name of the peer. The
    /// digits are the position of the seizure, eight or more, in hexadecimal.
    var channelName: String {
        let digits = String(seizedPosition.rawValue, radix: 16)
        return "SIP/\(trunk)-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    /// Whole seconds from the seizure to the end, the rest dropped.
    var lengthSeconds: Int64 { (setupMilliseconds + talkMilliseconds) / 1_000 }

    /// Whole seconds from the answer to the end, the rest dropped.
    var talkSeconds: Int64 { talkMilliseconds / 1_000 }

    private static func firstText(_ texts: String...) -> String {
        texts.first { !$0.isEmpty } ?? ""
    }
}
