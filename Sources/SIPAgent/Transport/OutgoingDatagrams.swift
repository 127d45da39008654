import CDatagram
import Glibc
import TrunkEvents

/// Datagrams that wait to be sent, in order, in one buffer: sendmmsg(2) takes many at a time.
struct OutgoingDatagrams {
    /// Beyond that they are dropped, as any network may drop them.
    static let countMax = 4_096

    private var buffer: [UInt8] = []
    private var datagrams: [cdatagram] = []
    /// Of `datagrams`, those that are sent or dropped.
    private var doneCount = 0

    var isEmpty: Bool { doneCount == datagrams.count }
    var count: Int { datagrams.count - doneCount }

    /// `nil` sends to the peer of a connected socket. `false`: there is no room.
    mutating func append(_ bytes: [UInt8], to remote: Endpoint?) -> Bool {
        guard count < Self.countMax else { return false }
        var datagram = cdatagram()
        datagram.offset = buffer.count
        datagram.length = bytes.count
        buffer.append(contentsOf: bytes)
        // The address lives during the call and is no longer than the field, by its family.
        unsafe remote?.withSocketAddress { address, size in
            unsafe withUnsafeMutableBytes(of: &datagram.address) {
                unsafe $0.copyMemory(
                    from: UnsafeRawBufferPointer(start: address, count: Int(size)))
            }
            datagram.address_length = size
        }
        datagrams.append(datagram)
        return true
    }

    enum Progress {
        /// All are gone; so many of them were refused by the kernel.
        case finished(refusedCount: UInt64)
        /// The kernel's buffer is full: later.
        case full(refusedCount: UInt64)
    }

    /// Sends what waits. A destination that the kernel refuses costs its own datagram only.
    mutating func send(on socket: CInt) -> Progress {
        var refusedCount: UInt64 = 0
        while doneCount < datagrams.count {
            // Both arrays live during the call, and the count ends where the second one does.
            let outcome = unsafe buffer.withUnsafeBytes { bytes in
                unsafe datagrams.withUnsafeBufferPointer { all in
                    unsafe cdatagram_send(
                        socket, bytes.baseAddress, all.baseAddress?.advanced(by: doneCount),
                        all.count - doneCount)
                }
            }
            switch outcome {
            case 1...:
                doneCount += Int(outcome)
            case -EAGAIN, -ENOBUFS, -EINTR:
                dropDone()
                return .full(refusedCount: refusedCount)
            default:
                refusedCount += 1
                doneCount += 1
            }
        }
        removeAll()
        return .finished(refusedCount: refusedCount)
    }

    /// A kernel that stays busy must not make the buffer grow without end.
    private mutating func dropDone() {
        guard doneCount >= Self.countMax, let next = datagrams[doneCount...].first else { return }
        let doneBytes = next.offset
        buffer.removeFirst(doneBytes)
        datagrams.removeFirst(doneCount)
        for index in datagrams.indices { datagrams[index].offset -= doneBytes }
        doneCount = 0
    }

    mutating func removeAll() {
        buffer.removeAll(keepingCapacity: true)
        datagrams.removeAll(keepingCapacity: true)
        doneCount = 0
    }
}
