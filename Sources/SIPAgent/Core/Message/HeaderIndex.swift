/// One header field: its id and where its name and value stand. The value is without the white
/// space around it and keeps its folds.
struct HeaderField: Equatable, Sendable {
    let name: ByteRange
    let value: ByteRange
    let id: HeaderID
}

/// A datagram and the places of its header fields and body. Knows where things are, not what they
/// mean.
struct HeaderIndex: Sendable {
    let bytes: [UInt8]
    let fields: [HeaderField]
    let body: ByteRange

    func value(_ field: HeaderField) -> Bytes { bytes[field.value] }

    func name(_ field: HeaderField) -> Bytes { bytes[field.name] }

    /// The value of the first field of this id, whole.
    func first(_ id: HeaderID) -> Bytes? {
        for field in fields where field.id == id { return bytes[field.value] }
        return nil
    }

    /// The first of the comma-separated elements of the first field of this id.
    func firstElement(_ id: HeaderID) -> Bytes? {
        for field in fields where field.id == id {
            return bytes[HeaderValues.element(bytes, field.value.start, field.value.end).text]
        }
        return nil
    }

    func contains(_ id: HeaderID) -> Bool {
        fields.contains { $0.id == id }
    }

    func count(_ id: HeaderID) -> Int {
        fields.count { $0.id == id }
    }

    /// The comma-separated elements of all fields of this id, in order.
    func values(of id: HeaderID) -> HeaderValues {
        HeaderValues(index: self, id: id)
    }

    /// The value of the first field with this name, which may be one that has no id.
    func first(named name: Bytes) -> Bytes? {
        let id = HeaderID(name: name)
        if id != .other { return first(id) }
        for field in fields where field.id == .other && bytes[field.name].matches(name) {
            return bytes[field.value]
        }
        return nil
    }
}

/// The elements of a list header, over all its fields in order: "two lines" and "one line with a
/// comma" mean the same (RFC 3261 section 7.3.1). Empty elements are skipped.
struct HeaderValues: Sequence, IteratorProtocol, Sendable {
    private let index: HeaderIndex
    private let id: HeaderID
    private var field = 0
    private var position: Int?
    private var taken = 0

    init(index: HeaderIndex, id: HeaderID) {
        self.index = index
        self.id = id
    }

    mutating func next() -> Bytes? {
        while taken < MessageLimits.listElementsMax {
            while field < index.fields.count, index.fields[field].id != id {
                field += 1
                position = nil
            }
            guard field < index.fields.count else { return nil }
            let value = index.fields[field].value
            let start = position ?? value.start
            let element = Self.element(index.bytes, start, value.end)
            position = element.end + 1
            if element.end == value.end {
                position = nil
                field += 1
            }
            if !element.text.isEmpty {
                taken += 1
                return index.bytes[element.text]
            }
        }
        return nil
    }

    fileprivate static func element(
        _ bytes: [UInt8], _ start: Int, _ upper: Int
    ) -> (text: ByteRange, end: Int) {
        let text = bytes.span
        let end = text.elementEnd(start, upper)
        let lower = text.skipSpace(start, end)
        return (ByteRange(lower, text.trimEnd(lower, end)), end)
    }
}
