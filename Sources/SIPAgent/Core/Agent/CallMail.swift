import TrunkEvents

/// What one call has for another, where a transfer makes two of them one.
enum CallMail: Sendable {
    /// A new call.
    case place(Call)
    case tell(CallID, News)

    enum News: Sendable {
        // To the call that is transferred.
        case progressed(StatusCode)
        /// The new callee's 2xx, with an offer.
        case answered(SIPMessage)
        case failed(StatusCode)
        // To the new call, or to the one that an attended transfer names.
        case replaced(Referral)
        /// The side that stays, and its answer to that offer.
        case joined(TransferredLeg, answer: SIPMessage)
        case abandoned(Q850Cause)
    }
}

extension Switchboard {
    mutating func tell(_ call: CallID, _ news: CallMail.News) {
        mail.append(.tell(call, news))
    }
}

extension Call {
    mutating func hear(_ news: CallMail.News, _ board: inout Switchboard) {
        switch news {
        case .progressed(let status): transferProgressed(status, &board)
        case .answered(let offer): transferAnswered(offer, &board)
        case .failed(let status): transferFailed(status, &board)
        case .replaced(let referral): beginReplacement(referral, &board)
        case .joined(let leg, let answer): join(leg, answer: answer, &board)
        case .abandoned(let cause): referralAbandoned(cause, &board)
        }
    }
}
