import TrunkEvents

@testable import SIPAgent

/// Session timers (RFC 4028), of both sides: the shortest that is allowed.
extension Party {
    private static let interval = Nanoseconds.seconds(90)

    /// What an INVITE of its own asks for.
    static func sessionRequest(_ manners: Manners) -> [UInt8] {
        guard manners.keepsSession else { return [] }
        let refresher = manners.refreshes ? "uac" : "uas"
        let allow = manners.takesUpdate ? "Allow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n" : ""
        return Array(
            "Supported: timer\r\nSession-Expires: 90;refresher=\(refresher)\r\n\(allow)".utf8)
    }

    /// What its 2xx grants.
    func sessionAnswer(_ manners: Manners, to request: SIPMessage) -> [UInt8] {
        guard let asked = request.sessionExpires, manners.keepsSession else { return [] }
        // In a refresh the roles stay as they are.
        let isOurs =
            request.to.tag == nil
            ? manners.refreshes : asked.refresher == .server
        let allow = manners.takesUpdate ? "Allow: INVITE, ACK, BYE, CANCEL, UPDATE\r\n" : ""
        let refresher = isOurs ? "uas" : "uac"
        return Array(
            "Require: timer\r\nSession-Expires: 90;refresher=\(refresher)\r\n\(allow)".utf8)
    }

    /// Its own refreshes begin where the 2xx to its INVITE, or its own, says so.
    func planRefresh(_ call: PartyCall, isOurs: Bool) {
        guard isOurs else { return }
        plan(.refresh, call.callID, after: Nanoseconds(Self.interval.count / 2))
    }

    func refresh(_ call: PartyCall) {
        guard call.state == .up, !call.hasSaidBye, call.isCaller || call.isConfirmed,
            var dialog = call.dialog
        else { return }
        let headers = "Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n"
        let client = station.send(.update, in: &dialog, headers: Array(headers.utf8))
        callOf[client] = call.callID
        change(call.callID) { $0.dialog = dialog }
        planRefresh(call, isOurs: true)
    }
}
