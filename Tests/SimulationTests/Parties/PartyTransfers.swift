import TestSupport
import TrunkEvents

@testable import SIPAgent

/// A dialer that leaves its calls to others (RFC 3515, RFC 3891).
extension Party {
    private static let newCallee = "2125550111"
    /// No route leads there.
    private static let nobody = "011441234567"

    func transfer(_ call: PartyCall) {
        guard call.state == .up, !call.hasSaidBye, call.isCaller || call.isConfirmed,
            var dialog = call.dialog
        else { return }
        let number = random.percent(90) ? Self.newCallee : Self.nobody
        var target = Array("<sip:\(number)@".utf8) + SimulatedStation<Plan>.hostPort(agent)
        if random.percent(30), let other = otherCall(than: call) {
            target += replacing(other)
            change(other.callID) { $0.hasTransferred = true }
        }
        let headers = Array("Refer-To: ".utf8) + target + Array(">\r\n".utf8)
        let client = station.send(.refer, in: &dialog, headers: headers)
        callOf[client] = call.callID
        change(call.callID) {
            $0.dialog = dialog
            $0.hasTransferred = true
        }
    }

    /// The first that it has placed, and that is up.
    private func otherCall(than call: PartyCall) -> PartyCall? {
        calls.values.filter {
            $0.state == .up && $0.isCaller && !$0.hasSaidBye && !$0.hasTransferred
                && $0.callID != call.callID
        }.min { $0.callID.lexicographicallyPrecedes($1.callID) }
    }

    /// As the agent knows that dialog.
    private func replacing(_ call: PartyCall) -> [UInt8] {
        guard let dialog = call.dialog else { return [] }
        let tag = { (address: [UInt8]) in NameAddress(address[...])?.tag.map { Array($0) } ?? [] }
        return Array("?Replaces=".utf8) + call.callID + Array("%3Bto-tag%3D".utf8)
            + tag(dialog.remote) + Array("%3Bfrom-tag%3D".utf8) + tag(dialog.local)
    }
}
