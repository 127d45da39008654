import Ledger
import TrunkEvents

extension RatedCDR {
    /// Adds the record as one JSON object, the price's members behind the record's.
    public func write(to json: inout JSONWriter, isRated: Bool) {
        json.beginObject()
        for column in CDRColumn.allCases {
            json.key(column.rawValue)
            json.value(self[column])
        }
        for column in PriceColumn.allCases where isRated {
            json.key(column.rawValue)
            json.value(self[column])
        }
        json.endObject()
    }

    /// Adds the record as one CSV line, the price's fields behind the record's.
    public func write(to csv: inout CSVWriter, isRated: Bool) {
        for column in CDRColumn.allCases {
            if let text = column.text {
                row.texts.withText(text) { csv.field(octets: $0) }
            } else {
                csv.field(self[column])
            }
        }
        for column in PriceColumn.allCases where isRated { csv.field(self[column]) }
        csv.endLine()
    }

    /// Adds the line that names the columns.
    static func writeHeader(to csv: inout CSVWriter, isRated: Bool) {
        for column in CDRColumn.allCases { csv.field(column.rawValue) }
        for column in PriceColumn.allCases where isRated { csv.field(column.rawValue) }
        csv.endLine()
    }
}

extension JSONWriter {
    mutating func value(_ value: CDRValue) {
        switch value {
        case .none: null()
        case .text(let text): string(text)
        case .octets(let octets): string(octets)
        case .name, .record, .call, .endpoint: string(value.text)
        case .integer(let value): integer(value)
        case .position(let value): integer(value)
        case .instant(let instant): self.instant(instant)
        case .list(let items):
            beginArray()
            for item in items { string(item) }
            endArray()
        }
    }

    private mutating func string(_ octets: Octets) {
        if octets.isASCII { string(utf8: octets.bytes) } else { string(octets.description) }
    }
}

extension CSVWriter {
    /// As ``CDRValue/text`` shows it.
    mutating func field(_ value: CDRValue) {
        switch value {
        case .octets(let octets): field(octets: octets.bytes.span.bytes)
        case .integer(let value): field(value)
        case .position(let value): field(value)
        case .instant(let instant): field(instant)
        case .name(let name): field { $0.append(name) }
        case .record(let id):
            field { bytes in
                if let node = id.node { bytes.append(node) }
                bytes.append(UInt8(ascii: "-"))
                DecimalDigits.append(id.position.rawValue, to: &bytes)
            }
        case .call(let call):
            field { bytes in
                for shift in stride(from: UInt64(60), through: 0, by: -4) {
                    let digit = UInt8(truncatingIfNeeded: call.rawValue >> shift & 0xF)
                    bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
                }
            }
        case .endpoint(let endpoint) where endpoint.address.isV4:
            field { bytes in
                for shift in stride(from: UInt64(24), through: 0, by: -8) {
                    DecimalDigits.append(endpoint.address.low >> shift & 0xFF, to: &bytes)
                    bytes.append(UInt8(ascii: shift > 0 ? "." : ":"))
                }
                DecimalDigits.append(endpoint.port, to: &bytes)
            }
        case .none: emptyField()
        case .text, .endpoint, .list: field(value.text)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ name: ShortName) {
        for index in 0..<name.count { append(name.byte(at: index)) }
    }
}

extension Octets {
    /// What needs no look at whether it is UTF-8.
    fileprivate var isASCII: Bool { bytes.allSatisfy { $0 < 0x80 } }
}
