/// What is used of libsqlite3, with the types of sqlite3.h.
@safe  // every function checks what it is given, and only SQLiteConnection calls them
struct SQLiteLibrary {
    typealias Handle = OpaquePointer
    typealias Text = UnsafePointer<CChar>

    let open: @convention(c) (Text, UnsafeMutablePointer<Handle?>, Int32, Text?) -> Int32
    let close: @convention(c) (Handle?) -> Int32
    let busyTimeout: @convention(c) (Handle, Int32) -> Int32
    let errorMessage: @convention(c) (Handle) -> Text?
    let prepare:
        @convention(c) (Handle, Text, Int32, UnsafeMutablePointer<Handle?>, UnsafeRawPointer?) ->
            Int32
    let step: @convention(c) (Handle) -> Int32
    let reset: @convention(c) (Handle) -> Int32
    let finalize: @convention(c) (Handle?) -> Int32
    let bindText: @convention(c) (Handle, Int32, Text, Int32, UnsafeRawPointer?) -> Int32
    let bindInteger: @convention(c) (Handle, Int32, Int64) -> Int32
    let bindNull: @convention(c) (Handle, Int32) -> Int32
    let columnInteger: @convention(c) (Handle, Int32) -> Int64
    let columnText: @convention(c) (Handle, Int32) -> UnsafePointer<UInt8>?

    init() throws(DeliveryError) {
        let library = try SharedLibrary("libsqlite3.so.0", package: "libsqlite3-0")
        unsafe open = try library.function("sqlite3_open_v2")
        unsafe close = try library.function("sqlite3_close_v2")
        unsafe busyTimeout = try library.function("sqlite3_busy_timeout")
        unsafe errorMessage = try library.function("sqlite3_errmsg")
        unsafe prepare = try library.function("sqlite3_prepare_v2")
        unsafe step = try library.function("sqlite3_step")
        unsafe reset = try library.function("sqlite3_reset")
        unsafe finalize = try library.function("sqlite3_finalize")
        unsafe bindText = try library.function("sqlite3_bind_text")
        unsafe bindInteger = try library.function("sqlite3_bind_int64")
        unsafe bindNull = try library.function("sqlite3_bind_null")
        unsafe columnInteger = try library.function("sqlite3_column_int64")
        unsafe columnText = try library.function("sqlite3_column_text")
    }

    /// Result codes of sqlite3.h.
    enum Code {
        static let ok: Int32 = 0
        static let busy: Int32 = 5
        static let locked: Int32 = 6
        static let inputOutput: Int32 = 10
        static let full: Int32 = 13
        static let cannotOpen: Int32 = 14
        static let row: Int32 = 100
        static let done: Int32 = 101
    }

    /// SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    static let readWriteCreate: Int32 = 0x2 | 0x4
}
