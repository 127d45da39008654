import TestSupport
import TrunkEvents

@testable import SIPAgent

/// A carrier's registrar, whose mood changes.
struct Registrar {
    enum Mood: CaseIterable { case sound, forgetful, loopingOn401, silent, forbidding, overloaded }

    private let credentials: DigestCredentials
    private var verifier: DigestVerifier
    private(set) var mood = Mood.sound

    init(_ credentials: Credentials, _ entropy: inout Entropy) {
        self.credentials = DigestCredentials(
            username: credentials.user.bytes, password: credentials.password.bytes)
        verifier = Self.verifier(&entropy)
    }

    /// A restart: nonces from before are not its own any more.
    mutating func restart(in mood: Mood, _ entropy: inout Entropy) {
        self.mood = mood
        verifier = Self.verifier(&entropy)
    }

    private static func verifier(_ entropy: inout Entropy) -> DigestVerifier {
        let key = (0..<32).map { _ in UInt8(truncatingIfNeeded: entropy.next()) }
        return DigestVerifier(realm: Array("carrier".utf8), algorithms: [.md5], key: key)
    }

    enum Answer { case granted, challenge([UInt8]), refused(UInt16), none }

    mutating func judge(
        _ request: SIPMessage, at now: MonotonicInstant, _ entropy: inout Entropy
    ) -> Answer {
        let seconds = now.nanoseconds / 1_000_000_000
        switch mood {
        case .silent: return .none
        case .forbidding: return .refused(403)
        case .overloaded: return .refused(503)
        case .loopingOn401: return .challenge(challenge(at: seconds, &entropy))
        case .forgetful:
            // Each challenge is of another process.
            verifier = Self.verifier(&entropy)
        case .sound: break
        }
        let verdict = verifier.verify(
            request, header: .authorization, credentials: credentials, now: seconds)
        switch verdict {
        case .accepted: return .granted
        case .refused: return .refused(403)
        case .absent, .stale: return .challenge(challenge(at: seconds, &entropy))
        }
    }

    func challenge(at seconds: UInt64, _ entropy: inout Entropy) -> [UInt8] {
        let salt = (0..<DigestVerifier.saltBytes).map { _ in
            UInt8(truncatingIfNeeded: entropy.next())
        }
        return verifier.challenges(salt: salt, now: seconds).flatMap { value -> [UInt8] in
            Array("WWW-Authenticate: ".utf8) + value + [13, 10]
        }
    }
}
