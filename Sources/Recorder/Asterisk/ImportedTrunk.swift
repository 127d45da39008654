/// A carrier's trunk as another program's configuration tells of it.
struct ImportedTrunk: Hashable {
    /// How the carrier knows us.
    enum Way: Hashable {
        /// A registration string.
        case register(String)
        /// `sip:host:port`
        case address(String)
    }

    var name: String
    var way: Way
    /// `nil` where the other program has no cap: people must say it.
    var channels: Int?
    /// Addresses and ranges from which its calls come.
    var match: [String] = []
    var outboundProxy: String?

    /// Of the way there, as it is written.
    var text: String {
        switch way {
        case .register(let text), .address(let text): text
        }
    }
}

/// What was not taken over, and why.
struct ImportRemark: Hashable {
    var line: Int
    var message: String
}

/// The trunks of one file, and what was left out of them.
struct ImportedTrunks {
    var trunks: [ImportedTrunk] = []
    var remarks: [ImportRemark] = []

    mutating func remark(_ line: Int, _ message: String) {
        remarks.append(ImportRemark(line: line, message: message))
    }
}
