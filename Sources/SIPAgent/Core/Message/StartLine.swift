/// The first line, as ranges of the message's bytes.
enum StartLine: Equatable, Sendable {
    case request(Method, name: ByteRange, uri: ByteRange)
    /// `status` is 100...699.
    case response(status: UInt16, reason: ByteRange)
}
