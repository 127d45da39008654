/// What is used of libpq, with the types of libpq-fe.h.
@safe  // only PostgreSQLConnection calls them, with handles that it owns
struct PostgreSQLLibrary {
    typealias Handle = OpaquePointer
    typealias Text = UnsafePointer<CChar>
    typealias Texts = UnsafePointer<UnsafePointer<CChar>?>

    let connect: @convention(c) (Texts, Texts, Int32) -> Handle?
    let finish: @convention(c) (Handle?) -> Void
    let status: @convention(c) (Handle?) -> Int32
    let errorMessage: @convention(c) (Handle?) -> Text?
    let execute:
        @convention(c) (
            Handle, Text, Int32, UnsafeRawPointer?, Texts?, UnsafeRawPointer?, UnsafeRawPointer?,
            Int32
        ) -> Handle?
    let resultStatus: @convention(c) (Handle?) -> Int32
    let resultField: @convention(c) (Handle?, Int32) -> Text?
    let rowCount: @convention(c) (Handle?) -> Int32
    let columnCount: @convention(c) (Handle?) -> Int32
    let value: @convention(c) (Handle?, Int32, Int32) -> Text?
    let clear: @convention(c) (Handle?) -> Void
    let putCopyData: @convention(c) (Handle, UnsafeRawPointer?, Int32) -> Int32
    let putCopyEnd: @convention(c) (Handle, Text?) -> Int32
    let nextResult: @convention(c) (Handle) -> Handle?

    init() throws(DeliveryError) {
        let library = try SharedLibrary("libpq.so.5", package: "libpq5")
        unsafe connect = try library.function("PQconnectdbParams")
        unsafe finish = try library.function("PQfinish")
        unsafe status = try library.function("PQstatus")
        unsafe errorMessage = try library.function("PQerrorMessage")
        unsafe execute = try library.function("PQexecParams")
        unsafe resultStatus = try library.function("PQresultStatus")
        unsafe resultField = try library.function("PQresultErrorField")
        unsafe rowCount = try library.function("PQntuples")
        unsafe columnCount = try library.function("PQnfields")
        unsafe value = try library.function("PQgetvalue")
        unsafe clear = try library.function("PQclear")
        unsafe putCopyData = try library.function("PQputCopyData")
        unsafe putCopyEnd = try library.function("PQputCopyEnd")
        unsafe nextResult = try library.function("PQgetResult")
    }

    /// ConnStatusType and ExecStatusType of libpq-fe.h.
    enum Status {
        static let connectionOK: Int32 = 0
        static let commandOK: Int32 = 1
        static let tuplesOK: Int32 = 2
        static let copyIn: Int32 = 4
    }

    /// PG_DIAG_SQLSTATE of postgres_ext.h.
    static let sqlState = Int32(UInt8(ascii: "C"))
}
