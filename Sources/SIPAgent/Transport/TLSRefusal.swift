import NIOSSL

extension NIOSSLError {
    /// Why a handshake came to nothing, where the library's code has a meaning for people.
    var meaning: String? {
        let text = "\(self)"
        return Self.meanings.first { text.contains($0.code) }?.meaning
    }

    private static let meanings = [
        ("PROTOCOL_VERSION", "it speaks no version of TLS that is new enough"),
        ("UNSUPPORTED_PROTOCOL", "it speaks no version of TLS that is new enough"),
        ("CERTIFICATE_VERIFY_FAILED", "no authority that is trusted vouches for its certificate"),
        ("WRONG_VERSION_NUMBER", "it does not speak TLS"),
    ].map { (code: $0.0, meaning: $0.1) }
}
