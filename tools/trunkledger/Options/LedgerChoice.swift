import ArgumentParser
import Glibc
import Ledger
import Recorder

/// Which ledger a command works on.
struct LedgerChoice: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The ledger's directory (default: $TRUNKLEDGER_LEDGER, else --config's).",
            valueName: "dir"),
        completion: .directory)
    var ledger: String?

    @Option(
        help: ArgumentHelp("A configuration file that names the ledger.", valueName: "file"),
        completion: .file())
    var config: String?

    func path() throws -> String {
        if let ledger { return ledger }
        if let given = getenv("TRUNKLEDGER_LEDGER"), given.pointee != 0 {
            return String(cString: given)
        }
        if let config { return try RecorderConfiguration.ledgerPath(inFile: config) }
        throw CommandFailure.usage(
            "no ledger is named; give --ledger DIR, set TRUNKLEDGER_LEDGER, or give --config FILE")
    }

    func reader() throws -> LedgerReader {
        let path = try path()
        do {
            return try LedgerReader.open(path)
        } catch {
            throw CommandFailure(opening: error, at: path)
        }
    }
}
