/// The manual pages of a program in the language of man(7), from what its parser knows.
struct ManualPage {
    private let root: CommandDescription
    private let version: String

    init(_ root: CommandDescription, version: String) {
        self.root = root
        self.version = version
    }

    /// All of it in one.
    var text: String {
        let name = root.commandName
        return """
            \(head(name, root))
            .SH SYNOPSIS
            .B \(Self.escaped(name))
            .I command
            .RI [ options ]
            .SH DESCRIPTION
            \(Self.prose(root.discussion))
            .SH COMMANDS
            \(root.shownSubcommands.map { section($0, under: name) }.joined())
            """
    }

    /// The whole, and a page for each command: `trunkledger-cdr-list.1`.
    var files: [(name: String, text: String)] {
        let commands = root.shownSubcommands.flatMap { pages($0, under: root.commandName) }
        return [("\(root.commandName).1", text)] + commands
    }

    private func pages(
        _ command: CommandDescription, under parent: String
    ) -> [(name: String, text: String)] {
        let typed = "\(parent) \(command.commandName)"
        let name = typed.replacing(" ", with: "-")
        let below = command.shownSubcommands
        let says = command.discussion ?? ""
        let text = """
            \(head(name, command))
            .SH SYNOPSIS
            .B \(Self.escaped(typed))
            \(below.isEmpty ? Self.positional(command) : ".I command")
            .RI [ options ]
            .SH DESCRIPTION
            \(Self.prose(says.isEmpty ? command.abstract : says))
            \(command.shownArguments.isEmpty ? "" : ".SH OPTIONS")
            \(command.shownArguments.map(Self.option).joined())
            .SH SEE ALSO
            \(Self.references([root.commandName] + below.map { "\(name)-\($0.commandName)" }))

            """
        return [("\(name).1", Self.withoutEmptyLines(text))]
            + below.flatMap { pages($0, under: typed) }
    }

    private func head(_ name: String, _ command: CommandDescription) -> String {
        let product = "\(root.commandName) \(version)"
        return """
            .TH \(name.uppercased()) 1 "" "\(product)" "User Commands"
            .SH NAME
            \(Self.escaped(name)) \\- \(Self.escaped(command.abstract ?? ""))
            """
    }

    /// What is typed without a dash before it, in its order.
    private static func positional(_ command: CommandDescription) -> String {
        let names = command.shownArguments.filter { $0.kind == "positional" }.map { argument in
            let name = escaped(argument.valueName ?? "") + (argument.isRepeating ? " ..." : "")
            return argument.isOptional ? ".RI [ \"\(name)\" ]" : ".I \(name)"
        }
        return names.joined(separator: "\n")
    }

    private static func references(_ pages: [String]) -> String {
        pages.map { ".BR \(escaped($0)) (1)" }.joined(separator: " ,\n")
    }

    /// In the language of man(7) they would be paragraphs.
    private static func withoutEmptyLines(_ text: String) -> String {
        text.split(separator: "\n").joined(separator: "\n") + "\n"
    }

    private func section(_ command: CommandDescription, under parent: String) -> String {
        let name = "\(parent) \(command.commandName)"
        let parts = command.shownSubcommands.map { section($0, under: name) }.joined()
        let options = command.shownArguments.map(Self.option).joined()
        return """
            .SS \(Self.escaped(name))
            \(Self.prose(command.abstract))
            .PP
            \(Self.prose(command.discussion))
            \(options)\(parts)

            """
    }

    private static func option(_ argument: CommandDescription.Argument) -> String {
        var term = (argument.names ?? []).reversed().map { "\\fB\(escaped($0.dashed))\\fR" }
            .joined(separator: ", ")
        if argument.kind != "flag", let value = argument.valueName {
            term += (term.isEmpty ? "" : " ") + "\\fI\(escaped(value))\\fR"
        }
        var says = argument.abstract ?? ""
        if let values = argument.allValues { says += " One of \(values.joined(separator: ", "))." }
        if let value = argument.defaultValue { says += " Default: \(value)." }
        if argument.isRepeating { says += " May be repeated." }
        return ".TP\n\(term)\n\(prose(says))\n"
    }

    /// Paragraphs; indented lines stay as they are, since they are typed.
    private static func prose(_ text: String?) -> String {
        var lines: [String] = []
        var isTyped = false
        for line in (text ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("  ") != isTyped, !line.isEmpty {
                isTyped.toggle()
                lines.append(isTyped ? ".PP\n.nf" : ".fi\n.PP")
            }
            lines.append(line.isEmpty && !isTyped ? ".PP" : escaped(String(line)))
        }
        if isTyped { lines.append(".fi") }
        return lines.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// A backslash, a hyphen that is typed, and a dot or quote that would begin a request.
    private static func escaped(_ text: String) -> String {
        let text = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
    }
}
