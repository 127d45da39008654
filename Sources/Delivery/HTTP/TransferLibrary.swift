/// What is used of libcurl, with the types and numbers of curl.h.
@safe  // only HTTPTransfer calls them, with a handle that it owns
struct TransferLibrary {
    typealias Handle = UnsafeMutableRawPointer
    typealias Text = UnsafePointer<CChar>

    let begin: @convention(c) () -> Handle?
    let end: @convention(c) (Handle?) -> Void
    let perform: @convention(c) (Handle) -> Int32
    let errorText: @convention(c) (Int32) -> Text?
    let append: @convention(c) (OpaquePointer?, Text) -> OpaquePointer?
    let freeList: @convention(c) (OpaquePointer?) -> Void
    /// Called through CTransfer, since they take arguments of any type.
    let setOption: Handle
    let information: Handle

    init() throws(DeliveryError) {
        let library = try SharedLibrary("libcurl.so.4", package: "libcurl4")
        unsafe begin = try library.function("curl_easy_init")
        unsafe end = try library.function("curl_easy_cleanup")
        unsafe perform = try library.function("curl_easy_perform")
        unsafe errorText = try library.function("curl_easy_strerror")
        unsafe append = try library.function("curl_slist_append")
        unsafe freeList = try library.function("curl_slist_free_all")
        unsafe setOption = try library.address("curl_easy_setopt")
        unsafe information = try library.address("curl_easy_getinfo")
    }

    /// CURLOPT_...
    enum Option {
        static let post: Int32 = 47
        static let forbidReuse: Int32 = 75
        static let noSignal: Int32 = 99
        static let timeoutMilliseconds: Int32 = 155
        static let connectTimeoutMilliseconds: Int32 = 156
        static let protocols: Int32 = 181
        static let url: Int32 = 10_002
        static let postFields: Int32 = 10_015
        static let headers: Int32 = 10_023
        static let writeFunction: Int32 = 20_011
        static let postFieldSize: Int32 = 30_120
    }

    /// CURLINFO_...
    enum Information {
        static let responseCode: Int32 = 0x200002
        static let retryAfter: Int32 = 0x600039
    }

    enum Code {
        static let ok: Int32 = 0
        /// CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT: another try changes nothing.
        static let lasting: Set<Int32> = [1, 3]
    }

    /// CURLPROTO_HTTP | CURLPROTO_HTTPS
    static let webOnly = 1 | 2
}
