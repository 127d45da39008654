/// Bounds on what a peer can make this element hold or scan. Beyond them a message is refused.
enum MessageLimits {
    /// The largest UDP payload; every offset into a message fits `UInt16`.
    static let messageBytesMax = 65_535
    /// The largest request that goes as a datagram where a stream is to be had: the path's MTU is
    /// not known (RFC 3261 section 18.1.1).
    static let datagramBytesMax = 1_300
    static let headerFieldsMax = 256
    /// Elements read out of the comma-separated fields of one kind.
    static let listElementsMax = 128
    /// An index of this many fields is allocated at once; longer messages grow it.
    static let headerFieldsTypical = 24
    /// A digest nonce longer than this is not worth an answer.
    static let nonceBytesMax = 1_024
}
