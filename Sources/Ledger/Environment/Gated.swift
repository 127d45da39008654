/// A value that one thread at a time may touch.
///
/// In place of Swift's Mutex, which waits in the runtime, where the thread sanitizer does not see
/// it.
final class Gated<Value>: @unchecked Sendable {  // `value` is only touched in `gate`
    private let gate = ReadWriteGate()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func withLock<Answer, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        try gate.alone { () throws(Failure) in try body(&value) }
    }
}
