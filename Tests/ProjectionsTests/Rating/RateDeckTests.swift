import Testing
import TrunkEvents

@testable import Projections

@Suite struct RateDeckTests {
    static let terms = RateDeckTerms(
        carrier: alpha, currency: ShortName("USD")!, effectiveFrom: WallInstant(nanoseconds: 0))

    static func deck(
        _ text: String, _ terms: RateDeckTerms = terms, states: AreaCodes? = nil
    ) throws -> RateDeck {
        try RateDeck(Array(text.utf8), file: "deck.csv", terms: terms, states: states)
    }

    private func problems(_ text: String, _ terms: RateDeckTerms = terms) -> [String] {
        do {
            _ = try Self.deck(text, terms)
            return []
        } catch InputError.invalid(let problems) {
            return problems.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    private func prefix(_ deck: RateDeck, _ number: String, at: WallInstant = start) -> String? {
        deck.entry(for: PhoneDigits(number.utf8)!, at: at)?.prefix.description
    }

    @Test func theLongestPrefixInForceWins() throws {
        let deck = try Self.deck(
            """
            Prefix,Rate,Effective From,Effective To
            1,0.01,,
            1212,0.02,2026-11-01,2026-11-21
            12125,0.03,2026-11-23T00:00:00Z,
            44,0.05,,
            """)
        #expect(deck.entryCount == 4)
        #expect(prefix(deck, "12125550100") == "1")
        #expect(prefix(deck, "12125550100", at: after(-20 * 3_600_000)) == "1212")
        #expect(prefix(deck, "12125550100", at: after(36 * 3_600_000)) == "12125")
        #expect(prefix(deck, "442071234567") == "44")
        #expect(prefix(deck, "33123456789") == nil)
        #expect(prefix(deck, "1") == "1")
    }

    @Test func aLaterRowEndsAnOpenOne() throws {
        let deck = try Self.deck(
            "prefix,rate,effective_from\n1,0.01,2026-11-01\n1,0.02,2026-11-22T14:00:00Z\n")
        #expect(
            deck.entry(for: PhoneDigits("1".utf8)!, at: after(-1))?.prices.interstate.units
                == 1_000_000)
        #expect(
            deck.entry(for: PhoneDigits("1".utf8)!, at: start)?.prices.interstate.units
                == 2_000_000)
    }

    @Test func overlappingDatesAreRefused() {
        let text = """
            prefix,rate,effective_from,effective_to
            1,0.01,2026-11-01,2026-11-30
            44,0.01,,
            1,0.02,2026-11-30,
            44,0.03,,
            """
        #expect(
            problems(text) == [
                "deck.csv:4:1: the effective dates of prefix 1 overlap with those on line 2; one "
                    + "price at a time",
                "deck.csv:5:1: the effective dates of prefix 44 overlap with those on line 3; one "
                    + "price at a time",
            ])
    }

    @Test func everyMistakeIsNamedWithItsPlace() {
        let text = """
            prefix,rate,first_interval,increment,effective_from,effective_to
            12x,0.01,1,1,,
            1,free,1,1,,
            2,0.01,0,1,,
            3,0.01,1,1,2026-02-30,
            4,0.01,1
            5,0.01,1,1,2026-11-22,2026-11-20
            6,,1,1,,
            """
        let found = problems(text)
        let places = found.map { String($0.prefix { $0 != " " }) }
        #expect(
            places == [
                "deck.csv:2:1:", "deck.csv:3:3:", "deck.csv:4:8:", "deck.csv:5:12:",
                "deck.csv:6:8:", "deck.csv:7:23:", "deck.csv:8:3:",
            ])
        #expect(found.first == "deck.csv:2:1: '12x' is no prefix; it has 1 to 18 digits")
    }

    @Test func semicolonsComeWithDecimalCommas() throws {
        let deck = try Self.deck("prefix;rate\n1;0,0125\n")
        let entry = try #require(deck.entry(for: PhoneDigits("1".utf8)!, at: start))
        #expect(entry.prices.interstate.units == 1_250_000)
        #expect(
            problems("prefix;rate\n1;1.234,5\n").first?
                .hasPrefix("deck.csv:2:3: '1.234,5' is no price;") == true)
        #expect(try Self.deck("prefix\trate\n1\t0.01\n").entryCount == 1)
    }

    /// As databases write it; what no instant can say is refused, not taken for no end.
    @Test func anEndBeyondAllDatesIsNone() throws {
        let deck = try Self.deck("prefix,rate,effective_to\n1,0.01,9999-12-31 23:59:59\n")
        #expect(deck.entry(for: PhoneDigits("1".utf8)!, at: start)?.to == .max)
        #expect(
            problems("prefix,rate,effective_to\n1,0.01,9999999999\n").first?
                .hasPrefix("deck.csv:2:8: '9999999999' is no date from 1970 to 2261;") == true)
    }

    @Test func aDeckLoadedTwiceOverSaysSoAFewTimes() {
        let rows = (1...500).map { "\($0),0.01\n" }.joined()
        let text = "prefix,rate\n" + rows + rows
        #expect(problems(text).count == InputError.problemsMax)
        #expect(throws: InputError.self) { try Self.deck(text) }
        let first = InputProblem(file: "a", line: 1, column: 1, "wrong")
        let many = InputError.invalid(Array(repeating: first, count: InputError.problemsMax))
        #expect(many.description.hasSuffix("\nthese are the first 20; there may be more"))
    }

    @Test(arguments: [
        ("", "deck.csv:1:1: a deck has a line that names its columns and at least one row"),
        ("prefix,rate\n", "deck.csv:1:1: a deck has a line that names its columns"),
        ("1,0.01\n", "deck.csv:1:1: no column named 'prefix'"),
        ("prefix,cost\n1,2\n", "deck.csv:1:1: no column named 'rate'"),
        ("prefix,rate,price\n1,2,3\n", "deck.csv:1:13: a second column for the same"),
        ("prefix,rate,offpeak\n1,2,3\n", "deck.csv:2:5: an off-peak price needs --peak"),
        ("prefix,rate,intra\n1,2,3\n", "deck.csv:2:1: prices by jurisdiction need a table"),
        ("prefix,rate\n1,1000000.01\n", "deck.csv:2:3: '1000000.01' is no price;"),
        ("prefix,rate\n1,\"2\n", "deck.csv:2:3: a quote opens here and is never closed"),
    ])
    func decksThatCannotBeRead(text: String, says: String) {
        #expect(problems(text).first?.hasPrefix(says) == true, "\(problems(text))")
    }
}
