/// One opened database file.
@safe  // the handle is private and closed once, in deinit, after every statement
final class SQLiteConnection {
    private let library: SQLiteLibrary
    private let handle: OpaquePointer

    /// Another process may hold the file's lock for so long.
    private static let busyMilliseconds: Int32 = 5_000

    init(path: String) throws(DeliveryError) {
        library = try SQLiteLibrary()
        var opened: OpaquePointer?
        let code = unsafe library.open(path, &opened, SQLiteLibrary.readWriteCreate, nil)
        guard let connection = unsafe opened else {
            throw .unavailable(cause: "\(path) cannot be opened: no memory")
        }
        guard code == SQLiteLibrary.Code.ok else {
            let said = unsafe library.errorMessage(connection).map { unsafe String(cString: $0) }
            _ = unsafe library.close(connection)
            throw .unavailable(cause: "\(path) cannot be opened: \(said ?? "error \(code)")")
        }
        unsafe handle = connection
        _ = unsafe library.busyTimeout(connection, Self.busyMilliseconds)
    }

    deinit { _ = unsafe library.close(handle) }

    func run(_ sql: String) throws(DeliveryError) {
        let statement = try prepare(sql)
        _ = try statement.step()
    }

    func prepare(_ sql: String) throws(DeliveryError) -> SQLiteStatement {
        var prepared: OpaquePointer?
        try check(unsafe library.prepare(handle, sql, -1, &prepared, nil))
        guard let statement = unsafe prepared else {
            preconditionFailure("no statement in: \(sql)")
        }
        return unsafe SQLiteStatement(statement, of: self, library)
    }

    @discardableResult
    func check(_ code: Int32) throws(DeliveryError) -> Int32 {
        // Extended codes keep the plain one in their low byte.
        switch code & 0xFF {
        case SQLiteLibrary.Code.ok, SQLiteLibrary.Code.row, SQLiteLibrary.Code.done: return code
        case SQLiteLibrary.Code.busy, SQLiteLibrary.Code.locked, SQLiteLibrary.Code.inputOutput,
            SQLiteLibrary.Code.full, SQLiteLibrary.Code.cannotOpen:
            throw .unavailable(cause: message(code))
        default: throw .refused(cause: message(code))
        }
    }

    private func message(_ code: Int32) -> String {
        let said = unsafe library.errorMessage(handle).map { unsafe String(cString: $0) }
        return "SQLite: \(said ?? "error \(code)")"
    }
}

/// A statement that is run again and again with other values.
@safe  // the handle is private and finalized once, in deinit, before its connection goes
final class SQLiteStatement {
    private let library: SQLiteLibrary
    private let handle: OpaquePointer
    private let connection: SQLiteConnection

    fileprivate init(
        _ handle: OpaquePointer, of connection: SQLiteConnection, _ library: SQLiteLibrary
    ) {
        unsafe self.handle = handle
        self.connection = connection
        self.library = library
    }

    deinit { _ = unsafe library.finalize(handle) }

    /// Gives the parameters their values, in their order; an empty text is NULL.
    func bind(_ values: [SQLiteValue]) throws(DeliveryError) {
        for (index, value) in values.enumerated() {
            let number = Int32(index + 1)
            switch value {
            case .text(""): try connection.check(unsafe library.bindNull(handle, number))
            case .integer(let value):
                try connection.check(unsafe library.bindInteger(handle, number, value))
            case .text(let text):
                // SQLITE_TRANSIENT: the text is copied before the call returns.
                let transient = unsafe UnsafeRawPointer(bitPattern: -1)
                try connection.check(
                    unsafe library.bindText(
                        handle, number, text, Int32(text.utf8.count), transient))
            }
        }
    }

    /// Runs it; `true` where a row can be read.
    func step() throws(DeliveryError) -> Bool {
        try connection.check(unsafe library.step(handle)) == SQLiteLibrary.Code.row
    }

    /// Ready for other values.
    func reset() { _ = unsafe library.reset(handle) }

    func integer(_ column: Int32) -> Int64 { unsafe library.columnInteger(handle, column) }

    func text(_ column: Int32) -> String {
        unsafe library.columnText(handle, column).map { unsafe String(cString: $0) } ?? ""
    }
}

enum SQLiteValue: Hashable {
    case text(String)
    case integer(Int64)
}
