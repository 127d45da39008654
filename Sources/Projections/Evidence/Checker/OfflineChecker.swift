/// The program in an evidence pack that checks it: Python 3, its standard library alone.
///
/// It shares nothing with the rest of this module: it reads the facts' bytes and works the records
/// out by itself, so that a fault in either shows. Part by part it is text, since the program must
/// be in the binary, which is one file.
enum OfflineChecker {
    static let program = [pack, proofs, facts, outcomes, records, verdict]
        .joined(separator: "\n\n")
}
