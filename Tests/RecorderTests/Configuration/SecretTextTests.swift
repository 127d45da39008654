import Testing
import TrunkEvents

@testable import Recorder

private let surroundings = ConfigurationSurroundings(
    variable: { $0 == "SET" ? "from-env" : nil },
    contents: { path throws(FileProblem) in
        guard path == "/etc/tl/secret" else { throw FileProblem(reason: "No such file") }
        return Array("from-file\nsecond line\n".utf8)
    },
    addresses: { _ in [] })

@Test(arguments: [
    ("plain", "plain"), ("", ""), ("${SET}", "from-env"), ("file:/etc/tl/secret", "from-file"),
    ("file:secret", "from-file"), ("file:./secret", "from-file"), ("dollar$", "dollar$"),
])
func secretsAreFetched(text: String, secret: String) throws {
    let expanded = try SecretText.expand(text, directory: "/etc/tl", surroundings: surroundings)
    #expect(expanded.description == secret)
}

@Test(arguments: ["${UNSET}", "file:/nowhere", "half${SET}", "${SET}half"])
func aSecretThatCannotBeFetchedIsRefused(text: String) {
    #expect(throws: TextProblem.self) {
        try SecretText.expand(text, directory: "/etc/tl", surroundings: surroundings)
    }
}
