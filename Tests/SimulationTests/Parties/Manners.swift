import TestSupport
import TrunkEvents

/// How much a party keeps to the RFC.
enum Conduct: Sendable {
    case polite
    /// One call in three meets someone who misbehaves.
    case rude
}

/// How a party treats one of its calls.
struct Manners: Sendable {
    /// What becomes of an INVITE that it is sent.
    enum Verdict: Sendable {
        case answers
        case refuses(UInt16)
        case ringsForEver
        /// 100 and nothing more.
        case trying
        /// Not a word.
        case silent
    }

    enum CancelReply: Sendable {
        /// 200, and 487 to the INVITE.
        case obeys
        /// 200, and then it answers the call all the same.
        case answersLate
        /// 200 and no more.
        case confirmsOnly
        /// No 200, but 487 to the INVITE.
        case refusesOnly
        case ignores
    }

    enum Reliability { case none, supported, required }

    enum ByeReply: Sendable { case confirms, silent, denies(UInt16) }

    enum Acknowledging: Sendable {
        case always
        case never
        /// The first copies of the 2xx get none.
        case fromCopy(Int)
    }

    var verdict = Verdict.answers
    /// Challenges before the verdict.
    var challenges = 0
    /// Provisional answers in their order, with what is added to the To tag: a forking proxy shows
    /// several.
    var progress: [(status: UInt16, fork: UInt8)] = []
    /// A second callee answers too.
    var forksAnswer = false
    var onCancel = CancelReply.obeys
    var onBye = ByeReply.confirms
    var acknowledging = Acknowledging.always
    /// BYE comes twice, as two requests.
    var hangsUpTwice = false
    /// BYE does not wait for the ACK of the 2xx.
    var hangsUpAtOnce = false
    /// The caller ends an early dialog with BYE, and cancels besides.
    var saysByeEarly = false
    /// From some moment on nothing is heard of it.
    var vanishes = false
    /// Its INVITE has no offer: the answer rides in the ACK.
    var offersLate = false
    var cancelsAfter: Nanoseconds?
    var hangsUpAfter: Nanoseconds?
    var modifiesAfter: Nanoseconds?
    /// Provisional answers are sent reliably, or asked to be (RFC 3262).
    var reliability = Reliability.none
    /// It asks for a session timer, or grants one (RFC 4028).
    var keepsSession = false
    /// It refreshes on its own, and takes UPDATE.
    var refreshes = false
    var takesUpdate = false
    /// It never sends a PRACK, though it asked for reliable answers.
    var acknowledgesProgress = true
    var informsAfter: Nanoseconds?
    /// A dialer asks that the other side be connected with somebody else.
    var transfersAfter: Nanoseconds?
    /// Nothing of the above breaks the RFC.
    var isPolite = true
}

extension Manners {
    /// What any party may do.
    static func drawn(_ conduct: Conduct, _ random: inout SeededGenerator) -> Manners {
        var manners = Manners()
        switch Int.random(in: 0..<20, using: &random) {
        case 0, 1: manners.verdict = .refuses(486)
        case 2, 3: manners.verdict = .refuses(503)
        case 4: manners.verdict = .refuses(random.one(of: refusals))
        case 5: manners.verdict = .ringsForEver
        default: break
        }
        if random.percent(70) { manners.progress = [(180, 0)] }
        if random.percent(20) { manners.progress = [(183, 0), (180, 0)] }
        if random.percent(25) { manners.cancelsAfter = random.milliseconds(0...8_000) }
        // While the INVITE waits for its commit.
        if random.percent(5) { manners.cancelsAfter = random.milliseconds(0...30) }
        if random.percent(70) { manners.hangsUpAfter = random.milliseconds(50...40_000) }
        if random.percent(15) { manners.modifiesAfter = random.milliseconds(50...6_000) }
        if random.percent(15) { manners.informsAfter = random.milliseconds(50...6_000) }
        if random.percent(15) { manners.transfersAfter = random.milliseconds(50...10_000) }
        if random.percent(5) { manners.challenges = 1 }
        if random.percent(10) { manners.offersLate = true }
        if random.percent(40) {
            manners.reliability = random.percent(50) ? .supported : .required
        }
        if random.percent(40) {
            manners.keepsSession = true
            manners.refreshes = Bool.random(using: &random)
            manners.takesUpdate = Bool.random(using: &random)
        }
        if conduct == .rude, random.percent(33) { manners.spoil(&random) }
        return manners
    }

    private static let refusals: [UInt16] = [
        302, 400, 403, 404, 408, 410, 480, 481, 484, 487, 488, 500, 502, 504, 600, 603, 604, 606,
    ]

    /// One bad habit.
    private mutating func spoil(_ random: inout SeededGenerator) {
        isPolite = false
        switch Int.random(in: 0..<18, using: &random) {
        case 0: verdict = .silent
        case 1: verdict = .trying
        case 2: challenges = .max
        case 3:
            progress = [(183, 1), (180, 2), (183, 3), (199, 1), (180, 0)]
            forksAnswer = random.percent(70)
        case 4: forksAnswer = true
        case 5: cancelHabit(.answersLate)
        case 6: cancelHabit(.confirmsOnly)
        case 7: cancelHabit(.refusesOnly)
        case 8: cancelHabit(.ignores)
        case 9: onBye = .silent
        case 10: onBye = .denies(random.one(of: [481, 500, 403]))
        case 11: acknowledging = .never
        case 12: acknowledging = .fromCopy(Int.random(in: 2...5, using: &random))
        case 13: hangsUpTwice = true
        case 14: hangsUpAtOnce = true
        case 15:
            reliability = .required
            acknowledgesProgress = false
        case 16:
            saysByeEarly = true
            cancelsAfter = random.milliseconds(0...4_000)
        default: vanishes = true
        }
        if hangsUpTwice || hangsUpAtOnce { hangsUpAfter = random.milliseconds(0...2_000) }
    }

    private mutating func cancelHabit(_ habit: CancelReply) {
        onCancel = habit
        verdict = .ringsForEver
        progress = [(180, 0)]
    }
}
