internal import CTransfer
internal import TrunkEvents

/// POSTs bytes and waits for the answer. TLS, proxies and the machine's certificates are
/// libcurl's.
@safe  // the handle is private and ended once, in deinit; lists and bytes outlive the call
final class HTTPTransfer {
    private let library: TransferLibrary
    private let handle: UnsafeMutableRawPointer

    struct Answer: Hashable {
        var status: Int
        /// Seconds, where the server asked for them (RFC 9110 section 10.2.3); 0 where it did not.
        var retryAfter: Int64
    }

    init(timeout: Nanoseconds) throws(DeliveryError) {
        library = try TransferLibrary()
        guard let made = unsafe library.begin() else {
            throw .unavailable(cause: "no memory for an HTTP connection")
        }
        unsafe handle = made
        // No SIGALRM: timeouts of name lookups are the resolver's thread's.
        set(TransferLibrary.Option.noSignal, 1)
        // An answer too many, still on its way, would pass for that of the next batch.
        set(TransferLibrary.Option.forbidReuse, 1)
        set(TransferLibrary.Option.protocols, TransferLibrary.webOnly)
        set(TransferLibrary.Option.timeoutMilliseconds, Int(timeout.milliseconds))
        set(
            TransferLibrary.Option.connectTimeoutMilliseconds,
            Int(min(timeout, .seconds(10)).milliseconds))
        // What the server says besides its status is of no use, and must not go to our output.
        typealias Sink =
            @convention(c) (UnsafeRawPointer?, Int, Int, UnsafeRawPointer?) -> Int
        let sink: Sink = { _, size, count, _ in size * count }
        _ = unsafe ctransfer_set_pointer(
            library.setOption, handle, TransferLibrary.Option.writeFunction,
            unsafeBitCast(sink, to: UnsafeRawPointer.self))
    }

    deinit { unsafe library.end(handle) }

    /// - Throws: ``DeliveryError`` where no answer came.
    func post(
        _ body: [UInt8], to address: String, headers: [String]
    ) throws(DeliveryError) -> Answer {
        var list: OpaquePointer?
        defer { unsafe library.freeList(list) }
        for header in headers {
            guard let longer = unsafe library.append(list, header) else {
                throw .unavailable(cause: "no memory for an HTTP header")
            }
            unsafe list = unsafe longer
        }
        set(TransferLibrary.Option.post, 1)
        _ = unsafe ctransfer_set_pointer(
            library.setOption, handle, TransferLibrary.Option.headers, UnsafeRawPointer(list))
        // libcurl copies texts, and reads the body during the call only.
        unsafe address.withCString { text in
            _ = unsafe ctransfer_set_pointer(
                library.setOption, handle, TransferLibrary.Option.url, text)
        }
        _ = unsafe ctransfer_set_large(
            library.setOption, handle, TransferLibrary.Option.postFieldSize, Int64(body.count))
        let code = unsafe body.withUnsafeBytes { bytes in
            _ = unsafe ctransfer_set_pointer(
                library.setOption, handle, TransferLibrary.Option.postFields, bytes.baseAddress)
            return unsafe library.perform(handle)
        }
        guard code == TransferLibrary.Code.ok else { throw failure(code) }
        return unsafe Answer(
            status: ctransfer_number(
                library.information, handle, TransferLibrary.Information.responseCode),
            retryAfter: ctransfer_large(
                library.information, handle, TransferLibrary.Information.retryAfter))
    }

    private func set(_ option: Int32, _ value: Int) {
        _ = unsafe ctransfer_set_number(library.setOption, handle, option, value)
    }

    private func failure(_ code: Int32) -> DeliveryError {
        let said = unsafe library.errorText(code).map { unsafe String(cString: $0) }
        let cause = "HTTP: \(said ?? "error \(code)")"
        return TransferLibrary.Code.lasting.contains(code)
            ? .refused(cause: cause) : .unavailable(cause: cause)
    }
}
