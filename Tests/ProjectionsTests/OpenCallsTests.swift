import Ledger
import Testing
import TrunkEvents

@testable import Projections

@Suite struct OpenCallsTests {
    private func stamp(_ position: UInt64) -> Stamp {
        Stamp(
            position: Position(rawValue: position), wall: after(Int64(position)),
            monotonic: MonotonicInstant(nanoseconds: position), boot: BootID(high: 1, low: 2))
    }

    private func startedCall(at position: UInt64) throws -> OpenCall {
        guard case .callStarted(let fact) = CallScript().started else {
            throw StateDecodingError.truncated(offset: 0)
        }
        var payload: [UInt8] = []
        Event.callStarted(fact).encode(into: &payload)
        let view = FactView(
            kind: .callStarted, version: CallStarted.version, payload: payload.span.bytes)
        return OpenCall(try view.callStarted(), at: stamp(position))
    }

    @Test func anAnsweredCallComesBackAsItWas() throws {
        var calls = OpenCalls()
        var call = try startedCall(at: 3)
        calls[callID(1)] = call
        #expect(calls[callID(1)] == call)
        call.answer = Answer(stamp: stamp(4), code: .code(200))
        call.texts[.toTag] = "t"
        call.texts[.codec] = "opus"
        calls[callID(1)] = call
        #expect(calls[callID(1)] == call)
        calls[callID(2)] = try startedCall(at: 2)
        #expect(calls.earliestStart == after(2))
        let again = try OpenCalls(decoding: calls.encoded)
        #expect(again.encoded == calls.encoded && again[callID(1)] == call)
        call.end = CallEnd(
            stamp: stamp(5), by: .remote, source: .bye, code: nil, q850: nil)
        calls[callID(1)] = call
        #expect(calls[callID(1)] == call)
        calls[callID(1)] = nil
        #expect(calls[callID(1)] == nil && calls.count == 1)
    }
}
