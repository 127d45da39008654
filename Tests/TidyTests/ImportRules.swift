/// Who may import whom. Arrows point one way only, and only the edges touch the machine.
enum ImportRules {
    /// What each module may import. A module that is not named here has no rule and is reported.
    static let allowed: [String: Set<String>] = [
        "TrunkEvents": [],
        "Ledger": ["CLMDB", "CNettle", "CZstd", "Crypto", "Glibc", "Synchronization"],
        "SIPAgent": [
            "CDatagram", "TrunkEvents", "Crypto", "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS",
            "Glibc", "Synchronization",
        ],
        "Projections": [
            "Ledger", "TrunkEvents", "Crypto", "Dispatch", "Glibc", "Synchronization",
        ],
        "Delivery": [
            "CTransfer", "CZlib", "Ledger", "Projections", "TrunkEvents", "Glibc",
        ],
        "Recorder": [
            "CAres", "CMalloc", "Ledger", "Projections", "SIPAgent", "TrunkEvents", "NIOCore",
            "NIOPosix", "Yams", "Crypto", "Glibc", "Synchronization",
        ],
    ]

    /// `Core/` is sans-IO: values in, values out. Glibc is there for `memchr` and its like only;
    /// `coreWords` keeps its clocks, sockets and random numbers out.
    static let core: Set<String> = ["TrunkEvents", "Crypto", "Glibc"]

    static let coreWords: Set<String> = [
        "clock_gettime", "gettimeofday", "time", "ContinuousClock", "SuspendingClock",
        "SystemRandomNumberGenerator", "getrandom", "arc4random", "arc4random_uniform", "rand",
        "random", "socket", "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg",
        "timerfd_create", "usleep", "nanosleep", "sleep", "Task", "Mutex", "pthread_create",
    ]

    static func check(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, let module = module(of: file.path) else { return [] }
        guard let allowed = allowed[module] else {
            return [Finding(path: file.path, line: 1, message: "no import rule for \(module)")]
        }
        let isCore = file.path.contains("/Core/")
        var findings: [Finding] = []
        for (index, line) in file.code.enumerated() {
            if let name = importedModule(line) {
                let isAllowed = allowed.contains(name) && (!isCore || core.contains(name))
                if !isAllowed {
                    let place = isCore ? "\(module)/Core" : module
                    findings.append(
                        Finding(
                            path: file.path, line: index + 1,
                            message: "\(place) must not import \(name)"))
                }
            } else if isCore, let word = calledWord(line) {
                findings.append(
                    Finding(
                        path: file.path, line: index + 1,
                        message: "Core is sans-IO: \(word) comes in as input or leaves as action"))
            }
        }
        return findings
    }

    private static func module(of path: String) -> String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }

    /// `public import struct NIOCore.ByteBuffer` names `NIOCore`.
    static func importedModule(_ line: String) -> String? {
        let words = line.split(separator: " ")
        guard let at = words.firstIndex(of: "import"), at + 1 < words.count,
            words[..<at].allSatisfy({ isImportModifier($0) })
        else { return nil }
        let kinds: Set<Substring> = [
            "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
        ]
        let rest = words[(at + 1)...].drop { kinds.contains($0) }
        return rest.first.map { String($0.prefix { $0 != "." }) }
    }

    private static func isImportModifier(_ word: Substring) -> Bool {
        word.hasPrefix("@")
            || ["public", "internal", "package", "private", "fileprivate"]
                .contains(word)
    }

    /// A forbidden name that is called or constructed, as in `time(nil)` or `Mutex<Int>(0)`, and
    /// not our own member (`.time`) or label (`time:`).
    private static func calledWord(_ line: String) -> String? {
        let scalars = Array(line)
        var start = 0
        while start < scalars.count {
            guard isIdentifier(scalars[start]) else {
                start += 1
                continue
            }
            var end = start
            while end < scalars.count, isIdentifier(scalars[end]) { end += 1 }
            let word = String(scalars[start..<end])
            let before = start > 0 ? scalars[start - 1] : " "
            let after = end < scalars.count ? scalars[end] : " "
            let isOwn = before == "." && word != "random"
            let isDeclared = line.contains("func \(word)")
            let isGiven = word == "random" && line.contains("using:")
            if coreWords.contains(word), "(<{.".contains(after), !isOwn, !isDeclared, !isGiven {
                return word
            }
            start = end
        }
        return nil
    }

    private static func isIdentifier(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}
