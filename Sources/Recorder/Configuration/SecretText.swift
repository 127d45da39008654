internal import TrunkEvents

/// A secret as written: itself, `${NAME}` for an environment variable, `file:PATH` for the first
/// line of a file. No message of ours repeats what was written.
enum SecretText {
    static func expand(
        _ text: String, directory: String, surroundings: ConfigurationSurroundings
    ) throws(TextProblem) -> Octets {
        if text.hasPrefix("${"), text.hasSuffix("}") {
            return try variable(String(text.dropFirst(2).dropLast()), surroundings)
        }
        if text.hasPrefix("file:") {
            let path = FilePath.resolve(String(text.dropFirst(5)), from: directory)
            return try firstLine(path, surroundings)
        }
        if text.contains("${") {
            throw TextProblem("'${' inside a secret; write the whole secret as ${NAME}")
        }
        return Octets(text)
    }

    private static func variable(
        _ name: String, _ surroundings: ConfigurationSurroundings
    ) throws(TextProblem) -> Octets {
        guard let value = surroundings.variable(name), !value.isEmpty else {
            throw TextProblem(
                "the environment variable \(name) is not set; set it before the program starts")
        }
        return Octets(value)
    }

    private static func firstLine(
        _ path: String, _ surroundings: ConfigurationSurroundings
    ) throws(TextProblem) -> Octets {
        let bytes: [UInt8]
        do {
            bytes = try surroundings.contents(path)
        } catch {
            throw TextProblem(
                "the secret's file \(path) cannot be read: \(error.reason); "
                    + "its first line must be the secret")
        }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty else {
            throw TextProblem("the secret's file \(path) is empty; its first line is the secret")
        }
        return Octets(Array(line))
    }
}
