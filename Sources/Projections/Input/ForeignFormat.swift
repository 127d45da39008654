/// What is handed over where text was meant: a workbook, a compressed file, another encoding.
enum ForeignFormat: CaseIterable {
    case workbook, oldWorkbook, gzip, pdf, utf16LittleEndian, utf16BigEndian

    /// Known by its first bytes; `nil` for what may be text.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let format = Self.allCases.first(where: { bytes.starts(with: $0.mark) }) else {
            return nil
        }
        self = format
    }

    private var mark: [UInt8] {
        switch self {
        case .workbook: [0x50, 0x4B, 0x03, 0x04]
        case .oldWorkbook: [0xD0, 0xCF, 0x11, 0xE0]
        case .gzip: [0x1F, 0x8B]
        case .pdf: Array("%PDF".utf8)
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        }
    }

    var advice: String {
        switch self {
        case .workbook: "a workbook (.xlsx) or ZIP archive; save the sheet as CSV, or unpack it"
        case .oldWorkbook: "a workbook (.xls); save the sheet as CSV"
        case .gzip: "compressed with gzip; unpack it first (gunzip)"
        case .pdf: "a PDF document; ask for the figures as CSV"
        case .utf16LittleEndian, .utf16BigEndian: "text in UTF-16; save it as CSV in UTF-8"
        }
    }
}
