/// Which of a North American deck's prices a call takes.
public enum Jurisdiction: UInt8, Hashable, Sendable, CaseIterable {
    /// Both ends in one state.
    case intrastate
    /// The ends in different states. Decks with one price have this one.
    case interstate
    /// One end has no area code, or none that the table knows.
    case indeterminate
}

/// In which state an area code lies. Rows of `npa,state`.
public struct AreaCodes: Hashable, Sendable {
    private let states: [UInt16: String]
    public let sha256: Digest

    /// - Throws: every mistake of the file.
    public init(_ bytes: [UInt8], file: String) throws(InputError) {
        var states: [UInt16: String] = [:]
        var problems: [InputProblem] = []
        var isHeader = true
        try CSVParser.forEachRecord(of: bytes, file: file) { record in
            defer { isHeader = false }
            let code = record.text(0)
            if isHeader, UInt16(code) == nil { return }
            guard record.count == 2, !record.text(1).isEmpty else {
                problems.append(record.problem(file, 0, "a row has two fields: npa,state"))
                return
            }
            guard code.utf8.count == 3, let number = UInt16(code) else {
                problems.append(
                    record.problem(file, 0, "'\(code)' is no area code; it has three digits"))
                return
            }
            let state = record.text(1).uppercased()
            if let other = states.updateValue(state, forKey: number), other != state {
                problems.append(
                    record.problem(file, 0, "area code \(code) lies in \(other) and in \(state)"))
            }
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        self.states = states
        sha256 = Digest(of: bytes)
    }

    func jurisdiction(from a: PhoneDigits, to b: PhoneDigits) -> Jurisdiction {
        guard let origin = a.areaCode.flatMap({ states[$0] }),
            let target = b.areaCode.flatMap({ states[$0] })
        else { return .indeterminate }
        return origin == target ? .intrastate : .interstate
    }
}

extension CSVParser {
    /// The records of a small file that is in memory.
    static func forEachRecord(
        of bytes: [UInt8], file: String, delimiter: UInt8 = UInt8(ascii: ","),
        _ body: (borrowing CSVRecord) throws(InputProblem) -> Void
    ) throws(InputError) {
        var parser = CSVParser(file: file, delimiter: delimiter)
        do throws(InputProblem) {
            try parser.consume(bytes, body)
            try parser.finish(body)
        } catch {
            throw .invalid([error])
        }
    }
}
