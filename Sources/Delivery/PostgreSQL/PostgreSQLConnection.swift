/// One connection to a PostgreSQL server.
@safe  // the handle is private and finished once, in deinit
final class PostgreSQLConnection {
    private let library: PostgreSQLLibrary
    private let handle: OpaquePointer

    /// What holds unless the address says otherwise: no silent server holds us for ever.
    private static let defaults = [
        (key: "connect_timeout", value: "10"), (key: "tcp_user_timeout", value: "60000"),
        (key: "application_name", value: "trunkledger"),
    ]

    init(address: String) throws(DeliveryError) {
        library = try PostgreSQLLibrary()
        // With expand_dbname the address takes the place of what stands before it (libpq 34.1).
        let parameters =
            Self.defaults + [
                (key: "dbname", value: address), (key: "client_encoding", value: "UTF8"),
            ]
        let keys = CStrings(parameters.map(\.key))
        let values = CStrings(parameters.map(\.value))
        guard let made = unsafe library.connect(keys.pointers, values.pointers, 1) else {
            throw .unavailable(cause: "PostgreSQL: no memory for a connection")
        }
        unsafe handle = made
        guard unsafe library.status(made) == PostgreSQLLibrary.Status.connectionOK else {
            throw unsafe .unavailable(cause: message(library.errorMessage(made)))
        }
    }

    deinit { unsafe library.finish(handle) }

    /// Runs one statement; the rows of its answer as texts.
    @discardableResult
    func run(_ sql: String, _ parameters: [String] = []) throws(DeliveryError) -> [[String]] {
        let values = CStrings(parameters)
        let answer = unsafe library.execute(
            handle, sql, Int32(parameters.count), nil, values.pointers, nil, nil, 0)
        defer { unsafe library.clear(answer) }
        return try unsafe rows(answer)
    }

    /// Sends rows in the form that `sql`, a `COPY ... FROM STDIN`, speaks of.
    ///
    /// - Parameter rows: calls what it is given with one piece after the other.
    func copy(
        _ sql: String,
        _ rows: (_ send: ([UInt8]) throws(DeliveryError) -> Void) throws(DeliveryError) -> Void
    ) throws(DeliveryError) {
        try run(sql)
        try rows { bytes throws(DeliveryError) in
            // The bytes are copied to libpq's own buffer.
            let code = unsafe bytes.withUnsafeBytes {
                unsafe library.putCopyData(handle, $0.baseAddress, Int32($0.count))
            }
            guard code == 1 else { throw lost() }
        }
        guard unsafe library.putCopyEnd(handle, nil) == 1 else { throw lost() }
        while let answer = unsafe library.nextResult(handle) {
            defer { unsafe library.clear(answer) }
            _ = try unsafe self.rows(answer)
        }
    }

    private func rows(_ answer: OpaquePointer?) throws(DeliveryError) -> [[String]] {
        switch unsafe library.resultStatus(answer) {
        case PostgreSQLLibrary.Status.commandOK, PostgreSQLLibrary.Status.copyIn: return []
        case PostgreSQLLibrary.Status.tuplesOK:
            let columns = 0..<(unsafe library.columnCount(answer))
            return (0..<(unsafe library.rowCount(answer))).map { row in
                columns.map { column in
                    unsafe library.value(answer, row, column)
                        .map { unsafe String(cString: $0) } ?? ""
                }
            }
        default:
            let field = unsafe library.resultField(answer, PostgreSQLLibrary.sqlState)
            let state = unsafe field.map { unsafe String(cString: $0) } ?? ""
            let cause = unsafe message(library.errorMessage(handle))
            throw Self.passes(state) ? .unavailable(cause: cause) : .refused(cause: cause)
        }
    }

    /// Whether an error of that SQLSTATE may be gone at the next try: none was told (the connection
    /// broke), or its class is connection, rollback, resources, locks, operator, system (appendix A
    /// of PostgreSQL's manual).
    static func passes(_ state: String) -> Bool {
        state.isEmpty || ["08", "40", "53", "55", "57", "58"].contains(state.prefix(2))
    }

    private func lost() -> DeliveryError {
        unsafe .unavailable(cause: message(library.errorMessage(handle)))
    }

    /// libpq's messages end with a line break, and may have several lines.
    private func message(_ text: UnsafePointer<CChar>?) -> String {
        let said = unsafe text.map { unsafe String(cString: $0) } ?? "no reason given"
        return "PostgreSQL: " + said.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
