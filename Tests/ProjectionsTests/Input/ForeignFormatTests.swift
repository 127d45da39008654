import TestSupport
import Testing

@testable import Projections

@Suite struct ForeignFormatTests {
    /// What is said of a file that begins with these bytes.
    private func problem(_ bytes: [UInt8]) throws -> String? {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/november.csv"
            try DurableFile.replace(path, with: bytes)
            do throws(InputError) {
                try InputFile(path: path).forEachRecord { (_) throws(InputProblem) in }
                return nil
            } catch {
                return error.description
            }
        }
    }

    @Test(arguments: [
        (Array("PK\u{3}\u{4}xl/".utf8), "a workbook (.xlsx)"),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1], "a workbook (.xls);"), ([0x1F, 0x8B, 8], "compressed"),
        (Array("%PDF-1.7".utf8), "a PDF document"), ([0xFF, 0xFE, 0x61, 0], "text in UTF-16"),
        ([0xFE, 0xFF, 0, 0x61], "text in UTF-16"),
    ])
    func whatIsNoTextIsNamed(bytes: [UInt8], says: String) throws {
        let found = try #require(try problem(bytes))
        #expect(found.contains("/november.csv:1:1: \(says)"), "\(found)")
    }

    @Test func textIsText() throws {
        for text in ["", "PK,1\n", "\u{FEFF}a,b\r\n", "Müller,1\n"] {
            #expect(try problem(Array(text.utf8)) == nil)
        }
        // Latin-1.
        #expect(try problem([0x4D, 0xFC, 0x6C, 0x2C, 0x31, 0x0A]) == nil)
    }

    @Test func aMissingFileIsNamedWithItsReason() {
        #expect(throws: InputError.unreadable(path: "/nowhere/a.csv", errno: 2)) {
            try InputFile(path: "/nowhere/a.csv").bytes()
        }
        #expect(
            InputError.unreadable(path: "a.csv", errno: 2).description
                == "cannot read a.csv: No such file or directory; check path and permissions")
    }
}
