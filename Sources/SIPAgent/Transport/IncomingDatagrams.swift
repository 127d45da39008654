import CDatagram
import Glibc
import TrunkEvents

/// Takes what waits on a socket: recvmmsg(2) brings many datagrams at a time.
struct IncomingDatagrams {
    /// Of one system call.
    private static let batchMax = Int(CDATAGRAM_BATCH_MAX)
    /// Of one call of `receive`: then others of the loop have their turn.
    private static let countMax = 4 * batchMax
    /// A byte more than a datagram may have, so that one that is too long is seen to be.
    private static let stride = MessageLimits.messageBytesMax + 1

    /// Only the pages that datagrams have filled are there in memory.
    private var buffer: [UInt8]
    private var datagrams: [cdatagram]

    init() {
        // Bytes have no wrong values, and only those that the kernel wrote are read.
        buffer = unsafe Array(unsafeUninitializedCapacity: Self.batchMax * Self.stride) {
            $1 = Self.batchMax * Self.stride
        }
        datagrams = Array(repeating: cdatagram(), count: Self.batchMax)
    }

    /// Hands out what waits, in order. What else comes meanwhile waits for the next call.
    mutating func receive(on socket: CInt, _ body: ([UInt8], Endpoint) -> Void) {
        var count = 0
        while count < Self.countMax {
            let received = receiveBatch(on: socket)
            guard received > 0 else { return }
            for datagram in datagrams[..<received] {
                guard let remote = Endpoint(datagram) else { continue }
                body(Array(buffer[datagram.offset..<(datagram.offset + datagram.length)]), remote)
            }
            count += received
            guard received == Self.batchMax else { return }
        }
    }

    /// An error of the socket, e.g. an ICMP message about an earlier datagram, counts as nothing:
    /// SIP's own timers notice what did not arrive.
    private mutating func receiveBatch(on socket: CInt) -> Int {
        // Both arrays live during the call; the first has room for a stride for each datagram.
        let outcome = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe datagrams.withUnsafeMutableBufferPointer { all in
                unsafe cdatagram_receive(
                    socket, bytes.baseAddress, Self.stride, all.baseAddress, all.count)
            }
        }
        return max(0, Int(outcome))
    }
}

extension Endpoint {
    /// The sender of a datagram; `nil` when it is no IP address.
    fileprivate init?(_ datagram: cdatagram) {
        // The kernel wrote one of the two; its length says which.
        let address = unsafe withUnsafeBytes(of: datagram.address) { bytes -> Endpoint? in
            switch Int(datagram.address_length) {
            case MemoryLayout<sockaddr_in>.size:
                unsafe Endpoint(bytes.loadUnaligned(as: sockaddr_in.self))
            case MemoryLayout<sockaddr_in6>.size:
                unsafe Endpoint(bytes.loadUnaligned(as: sockaddr_in6.self))
            default:
                nil
            }
        }
        guard let address else { return nil }
        self = address
    }
}
