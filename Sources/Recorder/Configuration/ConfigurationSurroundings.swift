internal import Glibc
internal import SIPAgent
internal import TrunkEvents

/// What a configuration may refer to outside itself.
struct ConfigurationSurroundings: Sendable {
    var variable: @Sendable (_ name: String) -> String?
    var contents: @Sendable (_ path: String) throws(FileProblem) -> [UInt8]
    /// The addresses of a host name, in the order in which the system prefers them.
    var addresses: @Sendable (_ host: String) -> [IPAddress]
    /// The clock on this machine's wall.
    var localTime: @Sendable () -> LocalTime = { .utc }

    static let system = ConfigurationSurroundings(
        variable: { name in getenv(name).map { String(cString: $0) } },
        contents: FilePath.contents,
        addresses: HostLookup.addresses,
        localTime: LocalZone.read)
}

/// Why a file could not be read, in the system's words.
struct FileProblem: Error, Hashable {
    let reason: String
}

enum FilePath {
    /// A configuration is small; something larger was given by mistake.
    static let contentBytesMax = 4 << 20

    /// `path` as seen from `directory`, unless it is absolute.
    static func resolve(_ path: String, from directory: String) -> String {
        if path.hasPrefix("/") || directory == "." { return path }
        let plain = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        return directory.hasSuffix("/") ? directory + plain : "\(directory)/\(plain)"
    }

    /// The folder that holds `path`; `.` for a bare name.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func contents(_ path: String) throws(FileProblem) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileProblem(reason: systemReason()) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileProblem(reason: systemReason()) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= contentBytesMax else {
                throw FileProblem(reason: "it is larger than \(contentBytesMax >> 20) MiB")
            }
        }
    }

    private static func systemReason() -> String {
        String(cString: strerror(errno))
    }
}
