internal import Synchronization
internal import TrunkEvents

/// How the recorder came to its end; told by whichever thread brings it about, once.
final class RecorderEnd: Sendable {
    enum Outcome: Sendable {
        case stopped
        case failed(RecorderError)
    }

    private let reached = Mutex<Outcome?>(nil)

    func reach(_ outcome: Outcome) {
        reached.withLock { if $0 == nil { $0 = outcome } }
        SignalWait.announceEnd()
    }

    /// Anybody may send the signal that announces it.
    var isReached: Bool { reached.withLock { $0 != nil } }

    func outcome() throws(RecorderError) {
        if case .failed(let error) = reached.withLock({ $0 }) { throw error }
    }
}

/// Whether something goes on as it should, so that only a change is told.
final class Health: Sendable {
    private let isGood = Atomic(true)

    func changes(to next: Bool) -> Bool {
        isGood.exchange(next, ordering: .relaxed) != next
    }
}

/// The same for each peer that connections are opened to.
final class PeerHealth: Sendable {
    private static let failingMax = 1_024
    private let failing = Mutex<Set<Endpoint>>([])

    func changes(_ peer: Endpoint, to next: Bool) -> Bool {
        failing.withLock { failing in
            if next { return failing.remove(peer) != nil }
            return failing.count < Self.failingMax && failing.insert(peer).inserted
        }
    }
}
