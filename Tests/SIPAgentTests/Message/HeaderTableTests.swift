import Testing

@testable import SIPAgent

@Suite struct HeaderTableTests {
    /// As the last bytes of a text, and with others around it.
    private func ids(_ name: [UInt8]) -> [HeaderID] {
        let inside = Array("  ".utf8) + name + Array(": and so on, for a while".utf8)
        return [
            HeaderTable.shared.id(name.span, 0, name.count),
            HeaderTable.shared.id(inside.span, 2, 2 + name.count),
        ]
    }

    @Test(arguments: HeaderID.allCases.filter { $0 != .other })
    func everyNameIsFoundInAnyCase(_ id: HeaderID) {
        let name = [UInt8](id.name)
        let mixed = name.enumerated().map { index, byte in
            index % 2 == 0 ? lowercased(byte) : uppercased(byte)
        }
        for spelling in [name, name.map(lowercased), name.map(uppercased), mixed] {
            #expect(ids(spelling) == [id, id], "\(String(decoding: spelling, as: UTF8.self))")
        }
    }

    /// Only letters have two cases: no other byte passes for one, nor for a hyphen.
    @Test(arguments: HeaderID.allCases.filter { $0 != .other })
    func aNameWithOneOtherByteIsUnknown(_ id: HeaderID) {
        let name = [UInt8](id.name)
        for index in name.indices {
            let others = (UInt8(1)...UInt8.max).filter {
                lowercased($0) != lowercased(name[index])
            }
            let passing = others.filter { byte in
                var other = name
                other[index] = byte
                return ids(other).contains(id)
            }
            #expect(passing.isEmpty)
        }
    }

    @Test func longerAndShorterNamesAreUnknown() {
        for id in HeaderID.allCases where id != .other {
            let name = [UInt8](id.name)
            #expect(ids(name + [UInt8(ascii: "x")]) == [.other, .other])
            #expect(ids(Array(repeating: UInt8(ascii: "x"), count: 20) + name) == [.other, .other])
        }
    }

    private func uppercased(_ byte: UInt8) -> UInt8 {
        byte &- 97 < 26 ? byte & ~0x20 : byte
    }
}
