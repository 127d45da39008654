/// Who waits until a fact that he brought is durable: each is told exactly once, at the latest when
/// the recorder ends.
struct DurableWaits {
    typealias Completion = (Result<Void, RecorderError>) -> Void

    private var waits: [(factCount: UInt64, completion: Completion)] = []
    /// Why nothing becomes durable any more.
    private(set) var end: RecorderError?

    var isEmpty: Bool { waits.isEmpty }

    /// - Parameter factCount: how many facts are durable once this one is; never fewer than in the
    ///   calls before.
    mutating func add(until factCount: UInt64, _ completion: @escaping Completion) {
        if let end { return completion(.failure(end)) }
        waits.append((factCount, completion))
    }

    mutating func reached(_ durableCount: UInt64) {
        while let first = waits.first, first.factCount <= durableCount {
            waits.removeFirst()
            first.completion(.success(()))
        }
    }

    mutating func end(_ error: RecorderError) {
        guard end == nil else { return }
        end = error
        for wait in waits { wait.completion(.failure(error)) }
        waits = []
    }
}
