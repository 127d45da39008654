/// One record of a CSV file: its fields without their quotes, and where each began.
public struct CSVRecord: Hashable, Sendable {
    private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var places: [Place] = []

    /// Both from 1; the column counts bytes.
    struct Place: Hashable, Sendable {
        var line: Int
        var column: Int
    }

    public var count: Int { ends.count }

    /// The line on which the record begins.
    public var line: Int { places.first?.line ?? 1 }

    public subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    /// Without blanks around it.
    public func trimmed(_ index: Int) -> ArraySlice<UInt8> {
        var field = self[index]
        while let first = field.first, first == 0x20 || first == 0x09 { field.removeFirst() }
        while let last = field.last, last == 0x20 || last == 0x09 { field.removeLast() }
        return field
    }

    public func text(_ index: Int) -> String { String(decoding: trimmed(index), as: UTF8.self) }

    /// A mistake in a field, or behind the last one.
    func problem(_ file: String, _ index: Int, _ message: String) -> InputProblem {
        let place = places.indices.contains(index) ? places[index] : places.last
        return InputProblem(
            file: file, line: place?.line ?? 1, column: place?.column ?? 1, message)
    }

    /// As in the file, roughly: each field has a delimiter.
    var byteCount: Int { bytes.count + ends.count }

    var isBlank: Bool { ends.count == 1 && ends[0] == 0 }

    mutating func beginField(at place: Place) { places.append(place) }
    mutating func append(_ byte: UInt8) { bytes.append(byte) }
    mutating func append(_ run: Slice<UnsafeBufferPointer<UInt8>>) {
        bytes.append(contentsOf: run)
    }
    mutating func endField() { ends.append(bytes.count) }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }
}
