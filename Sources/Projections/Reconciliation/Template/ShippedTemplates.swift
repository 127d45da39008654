/// The templates that come with the program.
public enum ShippedTemplates {
    public static var names: [String] { texts.map(\.name) }

    /// As a file would have it: what to start a template of one's own from.
    public static func text(_ name: String) -> String? {
        texts.first { $0.name == name }.map { "name: \(name)\n" + $0.text }
    }

    public static func template(_ name: String) throws(InputError) -> InvoiceTemplate? {
        guard let text = text(name) else { return nil }
        return try InvoiceTemplate(Array(text.utf8), file: name)
    }

    private static let texts: [(name: String, text: String)] = [
        (
            "generic",
            """
            # Names that many exports share, times in any zone.
            start: start_time | start_date | call_start | call_date | date_time | calldate | date
            from: from | source | caller | src | ani | calling_number | caller_id
            to: to | destination | callee | dst | called_number | dialed_number | number
            duration: billed_seconds | billsec | billed_duration | billable_duration | duration
            amount: amount | cost | price | charge | total
            rate: rate | rate_per_minute | price_per_minute
            skip: Total | Sum | Subtotal

            """
        ),
        (
            "didww",
            """
            # Outbound call logs.
            start: Date/Time Connect (UTC) | Time Connect (UTC) | Date/Time Start (UTC) \
            | Time Start (UTC)
            from: CLI | Source
            to: Destination
            duration: Duration (secs) | Duration (sec)
            amount: Charged (USD) | Termination Amount (USD)
            rate: Rate ($USD per minute)
            zone: +00:00
            currency: USD

            """
        ),
        (
            "thinq",
            """
            # Termination records: date and time in columns of their own.
            start: #1 + #2
            from: #4
            to: #10
            duration: #18
            rate: #17
            amount: #19
            country: 1

            """
        ),
        (
            "ivozprovider",
            """
            # A wholesale client's call list.
            start: startTime
            from: caller
            to: callee
            duration: duration
            amount: price

            """
        ),
        (
            "kolmisoft",
            """
            # Call lists of M2, M4 and MOR.
            start: Date | Start
            from: Called From | Source
            to: Called To | Destination Number | Destination
            duration: Billsec | Billed Duration
            amount: Price | Originator Price

            """
        ),
        (
            "uk-standard",
            """
            # The Federation of Communication Services' Standard CDR, version 3.
            start: Call Date + Call Time
            from: Customer Identifier
            to: Non-Charged Party
            duration: Duration
            amount: Salesprice
            dates: dmy
            country: 44
            international: 00
            trunk_prefix: 0
            currency: GBP

            """
        ),
        (
            "asterisk",
            """
            # Master.csv, of a carrier that runs Asterisk: answered calls have a start and billsec.
            header: no
            start: #11
            from: #2
            to: #3
            duration: #14
            only: #15 = ANSWERED

            """
        ),
        (
            "freeswitch",
            """
            # cdr_csv, template example.
            header: no
            start: #6
            from: #2
            to: #3
            duration: #9

            """
        ),
    ]
}
