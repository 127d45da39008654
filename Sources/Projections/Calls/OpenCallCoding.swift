import Ledger
import TrunkEvents

extension OpenCall: StateCodable {
    func encode(into encoder: inout StateEncoder) {
        encoder.write(started)
        encoder.write(direction)
        encoder.write(texts)
        encoder.write(source)
        encoder.write(answer)
        encoder.write(end)
        encoder.write(recovery)
        encoder.write(attempts)
        encoder.write(isContinued)
    }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        started = try decoder.read()
        direction = try decoder.read()
        texts = try decoder.read()
        source = try decoder.read()
        answer = try decoder.read()
        end = try decoder.read()
        recovery = try decoder.read()
        attempts = try decoder.read()
        isContinued = try decoder.read()
    }
}

extension OpenAttempt: StateCodable {
    func encode(into encoder: inout StateEncoder) {
        encoder.write(seized)
        encoder.write(trunk)
        encoder.write(attempt)
        encoder.write(carrier)
        encoder.write(direction)
        encoder.write(inUse)
        encoder.write(cap)
        encoder.write(remote)
        encoder.write(texts)
        encoder.write(rangAt)
        encoder.write(hasRung)
        encoder.write(answer)
        encoder.write(failure)
        encoder.write(released)
    }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        seized = try decoder.read()
        trunk = try decoder.read()
        attempt = try decoder.read()
        carrier = try decoder.read()
        direction = try decoder.read()
        inUse = try decoder.read()
        cap = try decoder.read()
        remote = try decoder.read()
        texts = try decoder.read()
        rangAt = try decoder.read()
        hasRung = try decoder.read()
        answer = try decoder.read()
        failure = try decoder.read()
        released = try decoder.read()
    }
}

extension Answer: StateCodable {
    func encode(into encoder: inout StateEncoder) {
        encoder.write(stamp)
        encoder.write(code)
    }
    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        stamp = try decoder.read()
        code = try decoder.read()
    }
}

extension Failure: StateCodable {
    func encode(into encoder: inout StateEncoder) {
        encoder.write(stamp)
        encoder.write(cause)
        encoder.write(code)
        encoder.write(q850)
    }
    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        stamp = try decoder.read()
        cause = try decoder.read()
        code = try decoder.read()
        q850 = try decoder.read()
    }
}

extension CallEnd: StateCodable {
    func encode(into encoder: inout StateEncoder) {
        encoder.write(stamp)
        encoder.write(by)
        encoder.write(source)
        encoder.write(code)
        encoder.write(q850)
    }
    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        stamp = try decoder.read()
        by = try decoder.read()
        source = try decoder.read()
        code = try decoder.read()
        q850 = try decoder.read()
    }
}

extension Recovery: StateCodable {
    func encode(into encoder: inout StateEncoder) {
        encoder.write(stamp)
        encoder.write(lowerBound)
        encoder.write(upperBound)
        encoder.write(lowerStamp)
    }
    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        stamp = try decoder.read()
        lowerBound = try decoder.read()
        upperBound = try decoder.read()
        lowerStamp = try decoder.read()
    }
}
