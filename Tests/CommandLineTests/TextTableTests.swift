import Testing

@testable import trunkledger

private let columns = [
    TableColumn(heading: "TRUNK"),
    TableColumn(heading: "IN USE", alignment: .right),
    TableColumn(heading: "BECAUSE", rank: 1),
]

private func table(_ rows: [[String]], width: Int? = nil, hasColour: Bool = false) -> String {
    var table = TextTable(columns, terminal: Terminal(width: width, hasColour: hasColour))
    var text = ""
    for row in rows { text += table.add(row.map { TableCell($0) }) }
    return text + table.flush()
}

@Test func columnsAreAligned() {
    let text = table([["alpha-1", "50/50", "registered"], ["b", "1/9", "probe answered"]])
    #expect(
        text == """
            TRUNK    IN USE  BECAUSE
            alpha-1   50/50  registered
            b           1/9  probe answered

            """)
}

@Test func aNarrowTerminalCutsThenDropsWhatMatteredLeast() {
    let rows = [["alpha-1", "50/50", "registration timed out"]]
    #expect(
        table(rows, width: 27) == """
            TRUNK    IN USE  BECAUSE
            alpha-1   50/50  registrat…

            """)
    #expect(table(rows, width: 16) == "TRUNK    IN USE\nalpha-1   50/50\n")
    #expect(table(rows, width: nil).contains("registration timed out"))
}

/// Half a number is a wrong one; what it leaves goes to a text that was cut.
@Test func numbersAreLeftOutAndNeverCut() {
    let columns = [
        TableColumn(heading: "TRUNK"), TableColumn(heading: "BECAUSE", rank: 1),
        TableColumn(heading: "CALLS", alignment: .right, rank: 2),
    ]
    func shown(width: Int) -> String {
        var table = TextTable(columns, terminal: Terminal(width: width, hasColour: false))
        let row = ["alpha-1", "registration", "1234567"]
        return table.add(row.map { TableCell($0) }) + table.flush()
    }
    #expect(
        shown(width: 30) == """
            TRUNK    BECAUSE         CALLS
            alpha-1  registration  1234567

            """)
    #expect(shown(width: 29) == "TRUNK    BECAUSE\nalpha-1  registration\n")
    #expect(shown(width: 20) == "TRUNK    BECAUSE\nalpha-1  registrati…\n")
}

@Test func everyRowOfALongListingIsWhole() {
    let short = Array(repeating: ["a", "1", "b"], count: TextTable.blockRows)
    let text = table(short + [["a-longer-name", "1000000000", "a longer reason"]])
    #expect(text.split(separator: "\n").count == TextTable.blockRows + 2)
    #expect(text.contains("a-longer-name  1000000000  a longer reason\n"))
}

@Test func colourIsOnlyForTerminalsThatWantIt() {
    let rows = [["a", "1", "b"]]
    #expect(!table(rows).contains("\u{1B}"))
    #expect(table(rows, width: 80, hasColour: true).contains("\u{1B}[1mTRUNK\u{1B}[0m"))
}
