internal import Yams

/// A YAML value and where it stands. The only file that knows the YAML library.
struct ConfigurationNode {
    enum Content {
        case nothing
        case text(String)
        case list([ConfigurationNode])
        case section([(key: ConfigurationNode, value: ConfigurationNode)])
    }

    let content: Content
    let place: ConfigurationPlace

    var text: String? {
        if case .text(let text) = content { text } else { nil }
    }

    /// What it is, for people.
    var shape: String {
        switch content {
        case .nothing: "nothing"
        case .text: "a single value"
        case .list: "a list"
        case .section: "a section of its own"
        }
    }

    /// Reads one document.
    static func parse(_ text: String, file: String) throws(ConfigurationError) -> Self? {
        do {
            return try compose(yaml: text).map { Self($0) }
        } catch {
            throw .invalid([syntaxProblem(error, file: file)])
        }
    }

    private init(_ node: Node) {
        let mark = node.mark
        place = ConfigurationPlace(line: mark?.line ?? 1, column: mark?.column ?? 1)
        switch node {
        case .scalar(let scalar):
            let isNothing =
                scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
            content = isNothing ? .nothing : .text(scalar.string)
        case .sequence(let sequence):
            content = .list(sequence.map { Self($0) })
        case .mapping(let mapping):
            content = .section(mapping.map { (Self($0.key), Self($0.value)) })
        case .alias:
            content = .nothing
        }
    }

    /// Messages of the YAML library name structure only, never a value.
    private static func syntaxProblem(_ error: any Error, file: String) -> ConfigurationProblem {
        let problem = { (mark: Mark?, message: String) in
            ConfigurationProblem(
                file: file,
                place: ConfigurationPlace(line: mark?.line ?? 1, column: mark?.column ?? 1),
                message: message)
        }
        let advice = "check indentation, colons and quotes here and on the line above"
        switch error as? YamlError {
        case .scanner(_, let text, let mark, _), .parser(_, let text, let mark, _),
            .composer(_, let text, let mark, _):
            return problem(mark, "not YAML (\(text)); \(advice)")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
            return problem(
                context.mark, "\(names) is written twice in the section that begins here; keep one")
        case .reader(let text, _, _, _):
            return problem(nil, "not YAML (\(text)); save the file as UTF-8 text")
        default:
            return problem(nil, "not YAML; \(advice)")
        }
    }
}
