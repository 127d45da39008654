/// Writes one frame in place: header, records, stamps, checksum, payloads.
struct FrameEncoder {
    /// What the header says about the frame's place.
    struct Place {
        var first: Position
        var previousLink: Link
        var bootID: BootID
        var producerSequence: UInt64
    }

    let place: Place
    let count: Int
    let payloadBytes: Int
    let stampCount: Int
    /// The chain value that the finished frame carries.
    let link: Link

    /// Measures and chains a frame of `submissions`, in order.
    init(_ submissions: ArraySlice<Submission>, at place: Place) {
        count = submissions.reduce(0) { $0 + $1.batch.count }
        payloadBytes = submissions.reduce(0) { $0 + $1.batch.byteCount }
        stampCount = submissions.count { $0.conditions.stamp != nil }
        precondition(
            count > 0 && count <= LedgerLimits.frameEventsMax
                && payloadBytes <= LedgerLimits.frameBytesMax, "a frame within its limits")
        self.place = place
        link = Self.link(of: submissions, count: count, at: place)
    }

    private static func link(
        of submissions: ArraySlice<Submission>, count: Int, at place: Place
    ) -> Link {
        if submissions.count == 1, let link = submissions.first?.linkAhead?.link(at: place) {
            return link
        }
        var chain = LinkHasher(previous: place.previousLink, first: place.first, count: count)
        for submission in submissions { chain.append(submission.hashes.leaves[...]) }
        return chain.finish()
    }

    var frameBytes: Int {
        FrameLayout.frameBytes(count: count, payloadBytes: payloadBytes, stamps: stampCount)
    }

    var last: Position {
        Position(rawValue: place.first.rawValue + UInt64(count) - 1)
    }

    /// Fills `room`, which is exactly `frameBytes` long.
    func encode(_ submissions: ArraySlice<Submission>, into room: inout MutableRawSpan) {
        precondition(room.byteCount == frameBytes, "room for exactly this frame")
        var record = FrameLayout.headerBytes(stamps: stampCount)
        let payloads = FrameLayout.payloadsOffset(count: count, stamps: stampCount)
        var payloadStart = 0
        for submission in submissions {
            for entry in submission.batch.entries {
                Self.encode(entry, shiftedBy: UInt32(payloadStart), at: record, into: &room)
                record += FrameLayout.recordBytes
            }
            room.store(submission.batch.payloads, at: payloads + payloadStart)
            payloadStart += submission.batch.byteCount
        }
        encodeHeader(into: &room)
        if stampCount > 0 { encodeStamps(submissions, into: &room) }
        seal(submissions, &room)
    }

    private static func encode(
        _ entry: EventBatch.Entry, shiftedBy shift: UInt32, at record: Int,
        into room: inout MutableRawSpan
    ) {
        let header = entry.header
        room.store(header.kind.rawValue, at: record + FrameLayout.Record.kind)
        room.store(UInt16(header.schemaVersion), at: record + FrameLayout.Record.schemaVersion)
        room.store(entry.payloadEnd + shift, at: record + FrameLayout.Record.payloadEnd)
        room.store(header.stream.rawValue, at: record + FrameLayout.Record.stream)
        room.store(UInt64(bitPattern: header.wallTime), at: record + FrameLayout.Record.wallTime)
        room.store(header.monotonicTime, at: record + FrameLayout.Record.monotonicTime)
    }

    private func encodeHeader(into room: inout MutableRawSpan) {
        typealias Header = FrameLayout.Header
        room.store(FrameLayout.magic, at: Header.magic)
        let version = stampCount > 0 ? FrameLayout.stampedVersion : FrameLayout.version
        room.store(version, at: Header.version)
        let headerBytes = FrameLayout.headerBytes(stamps: stampCount)
        room.store(UInt16(headerBytes), at: Header.headerBytes)
        room.store(place.first.rawValue, at: Header.first)
        room.store(UInt32(count), at: Header.count)
        room.store(UInt32(payloadBytes), at: Header.payloadBytes)
        room.store(place.bootID.high.byteSwapped, at: Header.bootHigh)
        room.store(place.bootID.low.byteSwapped, at: Header.bootLow)
        room.store(FrameLayout.writerProducer, at: Header.producer)
        room.store(place.producerSequence, at: Header.producerSequence)
        room.store(place.previousLink, at: Header.previousLink)
        room.store(link, at: Header.link)
    }

    private func encodeStamps(
        _ submissions: ArraySlice<Submission>, into room: inout MutableRawSpan
    ) {
        room.store(UInt32(stampCount), at: FrameLayout.Header.stampCount)
        room.store(UInt32(0), at: FrameLayout.Header.stampCount + 4)
        var place = FrameLayout.stampsOffset(count: count, stamps: stampCount)
        var index = 0
        for submission in submissions {
            defer { index += submission.batch.count }
            guard let stamp = submission.conditions.stamp else { continue }
            room.store(stamp.producer.rawValue, at: place + FrameLayout.Stamp.producer)
            room.store(stamp.sequence, at: place + FrameLayout.Stamp.sequence)
            room.store(UInt32(index), at: place + FrameLayout.Stamp.firstIndex)
            room.store(UInt32(submission.batch.count), at: place + FrameLayout.Stamp.count)
            place += FrameLayout.stampBytes
        }
    }

    /// The payloads' checksum goes into the header, which the other checksum then covers.
    private func seal(_ submissions: ArraySlice<Submission>, _ room: inout MutableRawSpan) {
        room.store(
            payloadChecksum(submissions, in: room.bytes), at: FrameLayout.Header.payloadChecksum)
        let end = FrameLayout.checksumOffset(count: count, stamps: stampCount)
        let records = XXH64.hash(room.bytes.extracting(first: end))
        room.store(records, at: end)
    }
    /// A lone batch brings its own: the disk should not wait for what was summed up meanwhile.
    private func payloadChecksum(
        _ submissions: ArraySlice<Submission>, in room: RawSpan
    ) -> UInt64 {
        if submissions.count == 1, let lone = submissions.first {
            return lone.hashes.payloadChecksum
        }
        let start = FrameLayout.payloadsOffset(count: count, stamps: stampCount)
        return XXH64.hash(room.extracting(droppingFirst: start))
    }
}
