import Ledger
import Projections
import Recorder

/// What a script can tell from the exit status; the values of sysexits.h.
enum ExitStatus: Int32 {
    case done = 0
    /// The check found something.
    case found = 1
    case usage = 64
    case badInput = 65
    case unusableLedger = 69
    case inputOutput = 74
}

/// Why a command ends early: a status, and the line that people read.
struct CommandFailure: Error {
    var status: ExitStatus
    /// What happened; what to do. `nil` where the output has said it already.
    var message: String?

    init(_ status: ExitStatus, _ message: String?) {
        self.status = status
        self.message = message
    }

    /// The check found something, and said so.
    static let found = CommandFailure(.found, nil)

    static func usage(_ message: String) -> Self { Self(.usage, message) }

    /// A ledger could not be opened: whatever is in the way, it is not usable.
    init(opening error: LedgerError, at path: String) {
        let text = error.description
        self.init(.unusableLedger, text.contains(path) ? text : "\(path): \(text)")
    }

    /// What the modules throw, in terms of the command line; `nil` for anything else.
    init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as ConfigurationError: self.init(error)
        case let error as LedgerError: self.init(Self.status(of: error), error.description)
        case let error as RecorderError: self.init(error)
        case let error as InputError: self.init(error)
        case let error as ExportError: self.init(.inputOutput, error.description)
        case let error as StoppedProjection:
            self.init(
                .unusableLedger, "\(error); look at it with 'trunkledger verify'")
        case let error as RateDeckStoreError:
            self.init(.unusableLedger, error.description)
        case let error as ReconciliationError: self.init(error)
        case let error as ProjectionFault:
            self.init(.unusableLedger, "\(error); look at it with 'trunkledger verify'")
        default: return nil
        }
    }

    private init(_ error: ConfigurationError) {
        switch error {
        case .unreadable: self.init(.inputOutput, error.description)
        case .invalid(let problems):
            let first = problems.first?.description ?? "the configuration is wrong"
            let rest = problems.count - 1
            let more = rest > 0 ? " (and \(rest) more: 'trunkledger config check' lists them)" : ""
            self.init(.badInput, first + more)
        }
    }

    /// Every mistake has its line; the first begins as every error does.
    private init(_ error: InputError) {
        switch error {
        case .unreadable: self.init(.inputOutput, error.description)
        case .invalid: self.init(.badInput, error.description)
        }
    }

    private init(_ error: ReconciliationError) {
        switch error {
        case .severalCarriers: self = .usage(error.description)
        case .otherCurrency: self.init(.badInput, error.description)
        }
    }

    private init(_ error: RecorderError) {
        switch error {
        case .ledger(let inner): self.init(Self.status(of: inner), error.description)
        case .listener, .noDescriptors, .stopped:
            self.init(.inputOutput, error.description)
        case .certificates: self.init(.badInput, error.description)
        case .projections, .unreadableEvent:
            self.init(.unusableLedger, error.description)
        }
    }

    private static func status(of error: LedgerError) -> ExitStatus {
        switch error.code {
        case .diskFull, .io, .outcomeUnknown: .inputOutput
        case .badImport: .badInput
        case .notFound, .foreignDirectory, .newerFormat, .locked, .corrupt, .mapFull, .readersFull,
            .closed, .permission, .tooLarge, .queueFull, .unusableKey, .notCheckpointed,
            .archived, .notLive, .replaced, .diverged, .database:
            .unusableLedger
        }
    }
}
