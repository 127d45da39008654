extension CDRRow {
    /// Adds the row as one JSON object. Empty texts stay texts; what is not known is `null`.
    public func write(to json: inout JSONWriter) {
        json.beginObject()
        for column in CDRColumn.allCases {
            json.key(column.rawValue)
            switch self[column] {
            case .none: json.null()
            case .text(let text): json.string(text)
            case .integer(let value): json.integer(value)
            case .position(let value): json.integer(value)
            case .instant(let instant): json.string(instant.utcText)
            case .list(let items):
                json.beginArray()
                for item in items { json.string(item) }
                json.endArray()
            }
        }
        json.endObject()
    }

    /// Adds the row as one CSV line.
    public func write(to csv: inout CSVWriter) {
        for column in CDRColumn.allCases { csv.field(self[column].text) }
        csv.endLine()
    }

    /// Adds the line that names the columns.
    public static func writeHeader(to csv: inout CSVWriter) {
        for column in CDRColumn.allCases { csv.field(column.rawValue) }
        csv.endLine()
    }
}
