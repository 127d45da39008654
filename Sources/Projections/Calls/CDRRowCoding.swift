extension CDRRow: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encodeIdentity(into: &encoder)
        encodeParties(into: &encoder)
        encodeOutcome(into: &encoder)
    }

    private func encodeIdentity(into encoder: inout StateEncoder) {
        encoder.write(node)
        encoder.write(seizedPosition)
        encoder.write(revision)
        encoder.write(call)
        encoder.write(attempt)
        encoder.write(firstPosition)
        encoder.write(lastPosition)
        encoder.write(trunk)
        encoder.write(carrier)
        encoder.write(direction)
    }

    private func encodeParties(into encoder: inout StateEncoder) {
        encoder.write(texts)
        encoder.write(remote)
    }

    private func encodeOutcome(into encoder: inout StateEncoder) {
        encoder.write(seizedAt)
        encoder.write(rangAt)
        encoder.write(answeredAt)
        encoder.write(endedAt)
        encoder.write(releasedAt)
        encoder.write(setupMilliseconds)
        encoder.write(talkMilliseconds)
        encoder.write(holdMilliseconds)
        encoder.write(disposition)
        encoder.write(code)
        encoder.write(q850)
        encoder.write(reason)
        encoder.write(endedBy)
        encoder.write(endSource)
        encoder.write(endUncertaintyMilliseconds)
        encoder.write(inUseAtSeizure)
        encoder.write(capAtSeizure)
        encoder.write(codec)
        encoder.write(answeredAfterCancel)
        encoder.write(isContinued)
    }

    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        node = try decoder.read()
        seizedPosition = try decoder.read()
        revision = try decoder.read()
        call = try decoder.read()
        attempt = try decoder.read()
        firstPosition = try decoder.read()
        lastPosition = try decoder.read()
        trunk = try decoder.read()
        carrier = try decoder.read()
        direction = try decoder.read()
        texts = try decoder.read()
        remote = try decoder.read()
        seizedAt = try decoder.read()
        rangAt = try decoder.read()
        answeredAt = try decoder.read()
        endedAt = try decoder.read()
        releasedAt = try decoder.read()
        setupMilliseconds = try decoder.read()
        talkMilliseconds = try decoder.read()
        holdMilliseconds = try decoder.read()
        disposition = try decoder.read()
        code = try decoder.read()
        q850 = try decoder.read()
        reason = try decoder.read()
        endedBy = try decoder.read()
        endSource = try decoder.read()
        endUncertaintyMilliseconds = try decoder.read()
        inUseAtSeizure = try decoder.read()
        capAtSeizure = try decoder.read()
        codec = try decoder.read()
        answeredAfterCancel = try decoder.read()
        isContinued = try decoder.read()
    }
}
