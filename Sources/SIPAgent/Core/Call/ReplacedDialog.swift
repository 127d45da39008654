import TrunkEvents

/// The dialog that an attended transfer replaces (RFC 3891), as a Replaces header names it: To tag
/// and From tag as the receiver of that header knows them.
struct ReplacedDialog: Equatable, Sendable {
    let callID: [UInt8]
    /// The receiver's own.
    let toTag: [UInt8]
    let fromTag: [UInt8]

    init(callID: [UInt8], toTag: [UInt8], fromTag: [UInt8]) {
        self.callID = callID
        self.toTag = toTag
        self.fromTag = fromTag
    }

    /// From the headers of a Refer-To's URI (RFC 3891 section 6.1); `nil` where they are others.
    init?(inHeadersOf uri: SIPURI) {
        guard let headers = uri.headers, !headers.contains(UInt8(ascii: "&")),
            let equals = headers.firstIndex(of: UInt8(ascii: "=")),
            headers[..<equals].percentDecoded.matches("replaces")
        else { return nil }
        let value = headers[(equals + 1)...].percentDecoded
        let end = value.firstIndex(of: UInt8(ascii: ";")) ?? value.endIndex
        guard let parameters = Parameters(value[end...]), let toTag = parameters.value("to-tag"),
            let fromTag = parameters.value("from-tag"), end > value.startIndex
        else { return nil }
        callID = Array(value[..<end])
        self.toTag = Array(toTag)
        self.fromTag = Array(fromTag)
    }

    /// `?Replaces=...`, for the end of a URI.
    var uriHeaders: [UInt8] {
        var value = callID
        value.append(";to-tag=")
        value.append(contentsOf: toTag)
        value.append(";from-tag=")
        value.append(contentsOf: fromTag)
        return [UInt8]("?Replaces=") + value.percentEncoded(except: .uriHeader)
    }
}

/// A call that an attended transfer names, by the transferor's leg of it.
struct ReplacedCall: Sendable {
    let id: CallID
    /// The transferor has placed it.
    let isOutbound: Bool
    /// Its far leg as the peer of the leg that is transferred knows it. That peer can replace it
    /// only where it has both dialogs: `nil` where it is on another trunk.
    let farDialog: ReplacedDialog?
}

extension AgentCore {
    /// What an attended transfer inside a call replaces; `nil` where that is no call of ours, or
    /// where nothing is replaced.
    func replacedCall(by refer: SIPMessage, in id: CallID) -> ReplacedCall? {
        guard let uri = refer.first(.referTo).flatMap(NameAddress.init)?.uri,
            let named = ReplacedDialog(inHeadersOf: uri),
            let other = board.dialogs[named.toTag].flatMap({ calls[$0]?.call }),
            let near = other.leg(tagged: named.toTag[...]), let dialog = other[near]?.dialog,
            dialog.callID == named.callID[...], dialog.remoteTag == named.fromTag[...],
            let far = other.peer(of: near), let replaced = other[far]?.dialog,
            let call = calls[id]?.call, let sender = call.leg(tagged: refer.to.tag ?? []),
            let target = call.peer(of: sender)
        else { return nil }
        let trunk = call.channel(of: target)?.trunk
        let isOnOneTrunk = trunk != nil && trunk == other.channel(of: far)?.trunk
        return ReplacedCall(
            id: other.id, isOutbound: near == .caller && other.direction == .outbound,
            farDialog: !isOnOneTrunk
                ? nil
                : ReplacedDialog(
                    callID: Array(replaced.callID), toTag: Array(replaced.remoteTag),
                    fromTag: Array(replaced.localTag)))
    }
}
