import Glibc

/// What the terminal behind standard output can do, if there is one.
struct Terminal {
    /// Columns that fit a line; `nil` where no terminal limits it.
    var width: Int?
    var hasColour: Bool

    static let plain = Terminal(width: nil, hasColour: false)

    /// Colour obeys `NO_COLOR` (any value that is not empty switches it off).
    static var current: Terminal {
        guard isatty(1) == 1 else { return plain }
        let isSilenced = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
        return Terminal(width: columns(), hasColour: !isSilenced && !isDumb)
    }

    private static func columns() -> Int {
        var size = winsize()
        if ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        let given = getenv("COLUMNS").flatMap { Int(String(cString: $0)) } ?? 80
        return max(20, given)
    }

    func paint(_ text: String, _ tint: Tint) -> String {
        guard hasColour, tint != .none else { return text }
        return "\u{1B}[\(tint.code)m\(text)\u{1B}[0m"
    }
}

/// What a colour says.
enum Tint: Hashable {
    case none
    case heading
    case good
    case warning
    case bad

    fileprivate var code: String {
        switch self {
        case .none: "0"
        case .heading: "1"
        case .good: "32"
        case .warning: "33"
        case .bad: "31"
        }
    }
}
