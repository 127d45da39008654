internal import CAres
internal import Glibc
internal import SIPAgent
internal import TrunkEvents

/// A c-ares channel: sockets, retries, rotation of servers, TCP where an answer is too long for a
/// datagram. It belongs to one thread (ares_init_options(3)).
final class AresChannel {
    typealias Completion = (DNSReply) -> Void

    private let channel: ares_channel

    private static let isReady = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS
    private static let tries: Int32 = 2
    private static let classInternet: Int32 = 1
    private static let typeSRV: Int32 = 33
    private static let typeNAPTR: Int32 = 35

    /// `nil` when this machine has no usable resolver configuration.
    init?(_ settings: DNSSettings) {
        var options = ares_options()
        options.timeout = Int32(clamping: settings.timeout.milliseconds)
        options.tries = Self.tries
        var channel: ares_channel?
        guard Self.isReady,
            ares_init_options(&channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES)
                == ARES_SUCCESS, let channel
        else { return nil }
        self.channel = channel
        let servers = settings.servers.map { server in
            server.address.isV4
                ? "\(server.address):\(server.port)" : "[\(server.address)]:\(server.port)"
        }
        if !servers.isEmpty {
            _ = ares_set_servers_ports_csv(channel, servers.joined(separator: ","))
        }
    }

    /// Questions that are still out are completed as failed.
    deinit { ares_destroy(channel) }

    /// `completion` runs once, in this call or in a later `wait`.
    func ask(_ question: DNSQuestion, completion: @escaping Completion) {
        let context = Unmanaged.passRetained(Context(question, completion)).toOpaque()
        switch question {
        case .naptr(let name):
            query(name, Self.typeNAPTR, context)
        case .srv(let name):
            query(name, Self.typeSRV, context)
        case .addresses(let name):
            var hints = ares_addrinfo_hints()
            hints.ai_family = AF_UNSPEC
            hints.ai_flags = ARES_AI_NOSORT
            ares_getaddrinfo(channel, name.description, nil, &hints, addressesFound, context)
        }
    }

    private func query(_ name: Octets, _ type: Int32, _ context: UnsafeMutableRawPointer) {
        ares_query(
            channel, name.description, Self.classInternet, type, recordsFound, context)
    }

    /// Works on what is out until the bell rings, an answer comes, or one is late.
    func wait(for bell: Int32) {
        var sockets = [ares_socket_t](repeating: ARES_SOCKET_BAD, count: Int(ARES_GETSOCK_MAXNUM))
        let wanted = ares_getsock(channel, &sockets, ARES_GETSOCK_MAXNUM)
        var polled = [pollfd(fd: bell, events: Int16(POLLIN), revents: 0)]
        for (index, socket) in sockets.enumerated() {
            let reads = wanted & (1 << Int32(index)) != 0
            let writes = wanted & (1 << (Int32(index) + ARES_GETSOCK_MAXNUM)) != 0
            guard reads || writes else { continue }
            polled.append(
                pollfd(
                    fd: socket, events: Int16((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)),
                    revents: 0))
        }
        _ = poll(&polled, nfds_t(polled.count), patience)
        for entry in polled.dropFirst() where entry.revents != 0 {
            let writes = Int32(entry.revents) & POLLOUT != 0
            let reads = Int32(entry.revents) & ~POLLOUT != 0
            ares_process_fd(
                channel, reads ? entry.fd : ARES_SOCKET_BAD, writes ? entry.fd : ARES_SOCKET_BAD)
        }
        // What is late is sent again or given up.
        ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD)
    }

    /// Milliseconds until something is late; -1 when nothing is out.
    private var patience: Int32 {
        var span = timeval()
        guard ares_timeout(channel, nil, &span) != nil else { return -1 }
        return Int32(clamping: Int64(span.tv_sec) * 1_000 + (Int64(span.tv_usec) + 999) / 1_000)
    }
}

/// What a question's completion needs, on its way through c-ares.
private final class Context {
    let question: DNSQuestion
    let completion: AresChannel.Completion

    init(_ question: DNSQuestion, _ completion: @escaping AresChannel.Completion) {
        self.question = question
        self.completion = completion
    }

    static func take(_ raw: UnsafeMutableRawPointer?) -> Context {
        guard let raw else { preconditionFailure("c-ares hands back what it was given") }
        return Unmanaged<Context>.fromOpaque(raw).takeRetainedValue()
    }
}

/// An `ares_callback`.
private func recordsFound(
    _ raw: UnsafeMutableRawPointer?, _ status: Int32, _ timeouts: Int32,
    _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int32
) {
    let context = Context.take(raw)
    switch status {
    case ARES_SUCCESS, ARES_ENODATA, ARES_ENOTFOUND:
        let message = Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
        context.completion(DNSReply(message: message, to: context.question))
    default:
        context.completion(.failed)
    }
}

/// An `ares_addrinfo_callback`.
private func addressesFound(
    _ raw: UnsafeMutableRawPointer?, _ status: Int32, _ timeouts: Int32,
    _ result: UnsafeMutablePointer<ares_addrinfo>?
) {
    let context = Context.take(raw)
    defer { if let result { ares_freeaddrinfo(result) } }
    switch status {
    case ARES_SUCCESS:
        var addresses: [IPAddress] = []
        var lifetime = Int32.max
        var next = result?.pointee.nodes
        while let node = next?.pointee {
            if let address = IPAddress(node.ai_addr) { addresses.append(address) }
            lifetime = min(lifetime, node.ai_ttl)
            next = node.ai_next
        }
        let answer: DNSAnswer = addresses.isEmpty ? .nothing : .addresses(addresses)
        context.completion(.answered(answer, lifetime: .seconds(Int64(max(lifetime, 0)))))
    case ARES_ENODATA, ARES_ENOTFOUND:
        // c-ares does not say how long it may be believed that there is none.
        context.completion(.answered(.nothing, lifetime: .seconds(60)))
    default:
        context.completion(.failed)
    }
}

extension IPAddress {
    fileprivate init?(_ address: UnsafePointer<sockaddr>?) {
        guard let address else { return nil }
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            let found = raw.loadUnaligned(as: sockaddr_in.self)
            self.init(v4: UInt32(bigEndian: found.sin_addr.s_addr))
        case AF_INET6:
            let found = raw.loadUnaligned(as: sockaddr_in6.self)
            let (high, low) = withUnsafeBytes(of: found.sin6_addr) { bytes in
                (
                    UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
            self.init(high: high, low: low)
        default:
            return nil
        }
    }
}
