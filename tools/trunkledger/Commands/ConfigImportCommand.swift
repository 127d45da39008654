import ArgumentParser
import Recorder

struct ConfigImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a configuration of what an Asterisk's says of its carriers.",
        discussion: """
            Reads sip.conf ('register =>' lines and peers), pjsip.conf (registrations, endpoints, \
            AORs, identifications), or a file with the Registration String and Account Entry of a \
            VICIdial carrier. What Asterisk does not know is marked '# check'; what is left out is \
            told on standard error. Secrets are taken over as they stand.

              trunkledger config import --asterisk /etc/asterisk/sip.conf > trunkledger.yaml
              trunkledger config check --config trunkledger.yaml

            Exit status: 0 done, 65 no carrier was found, 74 a file cannot be read.
            """)

    @Option(
        help: ArgumentHelp("The file; may be repeated.", valueName: "file"), completion: .file())
    var asterisk: [String]

    func run() throws {
        var found = AsteriskImport()
        for path in asterisk { try found.add(path) }
        for remark in found.remarks { StandardError.write("\(remark)\n") }
        guard !found.isEmpty else {
            throw CommandFailure(
                .badInput,
                "no carrier is in \(asterisk.joined(separator: ", ")): no 'register =>' line, and "
                    + "no peer or endpoint with a fixed address")
        }
        let output = StandardOutput()
        output.write(found.yaml)
        output.flush()
    }
}
