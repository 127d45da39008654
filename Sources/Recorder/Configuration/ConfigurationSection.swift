/// A section of the file whose keys are known.
struct ConfigurationSection {
    /// As messages call it: `a trunk`.
    let what: String
    let place: ConfigurationPlace
    private let values: [String: ConfigurationNode]
    /// Keys that are there, but misspelt or without a value: told already.
    let blamed: Set<String>

    init(
        what: String, place: ConfigurationPlace, values: [String: ConfigurationNode],
        blamed: Set<String>
    ) {
        self.what = what
        self.place = place
        self.values = values
        self.blamed = blamed
    }

    subscript(key: String) -> ConfigurationNode? { values[key] }
}

/// A checked value and where it was written, for checks that look at several at once.
struct Located<Value> {
    var value: Value
    var place: ConfigurationPlace
}

extension Located: Equatable where Value: Equatable {}

/// Collects what is wrong and goes on, so that one look names every problem of the file.
struct ConfigurationFindings {
    let file: String
    private(set) var problems: [ConfigurationProblem] = []

    init(file: String) {
        self.file = file
    }

    mutating func add(_ message: String, at place: ConfigurationPlace) {
        problems.append(ConfigurationProblem(file: file, place: place, message: message))
    }

    /// The value, or its problem noted under the key that it belongs to.
    mutating func check<Value>(
        _ key: String, _ node: ConfigurationNode,
        _ parse: (String) throws(TextProblem) -> Value
    ) -> Value? {
        guard let text = node.text else { return nil }
        do throws(TextProblem) {
            return try parse(text)
        } catch {
            add("\(key): \(error.message)", at: node.place)
            return nil
        }
    }

    mutating func section(
        _ node: ConfigurationNode, _ what: String, keys: [String]
    ) -> ConfigurationSection? {
        guard case .section(let entries) = node.content else {
            add("\(what) is \(node.shape); write it as 'key: value' lines", at: node.place)
            return nil
        }
        var values: [String: ConfigurationNode] = [:]
        var blamed: Set<String> = []
        for (key, value) in entries {
            guard let name = key.text, keys.contains(name) else {
                let name = key.text ?? key.shape
                let advice = TextDistance.advice(for: name, among: keys, of: "keys of \(what)")
                if let meant = TextDistance.nearest(to: name, among: keys) { blamed.insert(meant) }
                add("unknown key '\(name)' in \(what); \(advice)", at: key.place)
                continue
            }
            if case .nothing = value.content {
                blamed.insert(name)
                add("'\(name)' has no value; give it one, or take the line out", at: key.place)
            } else {
                values[name] = value
            }
        }
        return ConfigurationSection(
            what: what, place: node.place, values: values, blamed: blamed)
    }

    /// The value of a key that must be there; `example` shows how it is written.
    mutating func required(
        _ key: String, in section: ConfigurationSection, example: String
    ) -> ConfigurationNode? {
        if let node = section[key] { return node }
        if section.blamed.contains(key) { return nil }
        add("\(section.what) without '\(key)'; add e.g. '\(key): \(example)'", at: section.place)
        return nil
    }

    /// The text of a key, if it is there and a single value.
    mutating func text(_ key: String, in section: ConfigurationSection) -> ConfigurationNode? {
        guard let node = section[key] else { return nil }
        return single(node, key)
    }

    /// `node` itself if it is a single value.
    mutating func single(_ node: ConfigurationNode, _ key: String) -> ConfigurationNode? {
        guard node.text == nil else { return node }
        add("'\(key)' is \(node.shape); write a single value", at: node.place)
        return nil
    }

    /// A key's elements; a single value counts as a list of one, no key as none.
    mutating func list(_ key: String, in section: ConfigurationSection) -> [ConfigurationNode] {
        guard let node = section[key] else { return [] }
        switch node.content {
        case .nothing: return []
        case .text: return [node]
        case .list(let elements): return elements
        case .section:
            add("'\(key)' is a section; write a list, each element after '- '", at: node.place)
            return []
        }
    }

    /// A list of single values.
    mutating func texts(_ key: String, in section: ConfigurationSection) -> [ConfigurationNode] {
        list(key, in: section).compactMap { single($0, "an element of \(key)") }
    }
}
