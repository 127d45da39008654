import Testing
import TrunkEvents

@testable import Projections

@Suite struct RatingTests {
    private func rate(
        _ deck: RateDeck, talk: Int64?, from a: String = "", to b: String = "12125550100",
        at instant: WallInstant = start
    ) throws -> Rating {
        try deck.rate(
            from: PhoneDigits(a.utf8)!, to: PhoneDigits(b.utf8)!, at: instant,
            talkMilliseconds: talk
        ).get()
    }

    /// Billed seconds by hand, of 0.1, 1, 6, 29.001, 30, 31, 59.5, 60, 61, 75.5 and 120 seconds.
    @Test(arguments: [
        ("1/1", [1, 1, 6, 30, 30, 31, 60, 60, 61, 76, 120]),
        ("6/6", [6, 6, 6, 30, 30, 36, 60, 60, 66, 78, 120]),
        ("30/6", [30, 30, 30, 30, 30, 36, 60, 60, 66, 78, 120]),
        ("60/60", [60, 60, 60, 60, 60, 60, 60, 60, 120, 120, 120]),
        ("60/1", [60, 60, 60, 60, 60, 60, 60, 60, 61, 76, 120]),
    ])
    func intervals(text: String, billed: [Int64]) throws {
        let deck = try RateDeckTests.deck("prefix,rate,increment\n1,0.01,\(text)\n")
        let talks: [Int64] = [
            100, 1_000, 6_000, 29_001, 30_000, 31_000, 59_500, 60_000, 61_000, 75_500, 120_000,
        ]
        #expect(try talks.map { try rate(deck, talk: $0).billedSeconds } == billed)
    }

    /// 0.0125 a minute for 75.5 s, with 0.005 for the connection, by hand.
    @Test(arguments: [
        ("1", "1", RoundingRule.nearest, 6, "0.020833"),  // 76 s: 0.0158333... + 0.005
        ("1", "1", .up, 4, "0.0209"), ("1", "1", .down, 4, "0.0208"),
        ("6", "6", .nearest, 4, "0.0213"),  // 78 s: 0.01625 + 0.005 = 0.02125
        ("6", "6", .even, 4, "0.0212"), ("60", "60", .nearest, 4, "0.03"),
        ("60", "1", .nearest, 8, "0.02083333"), ("30", "6", .up, 2, "0.03"),
    ])
    func amounts(
        first: String, step: String, rule: RoundingRule, decimals: Int, amount: String
    ) throws {
        var terms = RateDeckTests.terms
        terms.amountRounding = rule
        terms.decimals = decimals
        let deck = try RateDeckTests.deck(
            "prefix,rate,connect_fee,first_interval,increment\n1,0.0125,0.005,\(first),\(step)\n",
            terms)
        let rating = try rate(deck, talk: 75_500)
        #expect(rating.amount.description == amount)
        #expect(rating.deck == deck.sha256 && rating.rate.description == "0.0125")
    }

    @Test func onlyAnsweredCallsCost() throws {
        let deck = try RateDeckTests.deck("prefix,rate,connect_fee\n1,0.01,1\n")
        let unanswered = try rate(deck, talk: nil)
        #expect(unanswered.amount == .zero && unanswered.billedSeconds == 0)
        #expect(try rate(deck, talk: 0).billedSeconds == 60)
    }

    @Test func secondsAreRoundedAsTheTermsSay() throws {
        var terms = RateDeckTests.terms
        let billed = { (rule: RoundingRule) in
            terms.secondsRounding = rule
            let deck = try RateDeckTests.deck("prefix,rate,increment\n1,0.01,1/1\n", terms)
            return try rate(deck, talk: 61_500).billedSeconds
        }
        #expect(try [.up, .down, .nearest, .even].map(billed) == [62, 61, 62, 62])
    }

    @Test func peakHoursAreThoseOfTheDecksClock() throws {
        var terms = RateDeckTests.terms
        terms.peak = PeakHours("mon-fri 08:00-18:00, sun 09:00-10:00")
        let text = "prefix,rate,offpeak\n1,0.06,0.03\n"
        // 2026-11-22T14:00:00Z is a Sunday.
        let utc = try RateDeckTests.deck(text, terms)
        #expect(try rate(utc, talk: 60_000).amount.description == "0.03")
        terms.zoneSeconds = -5 * 3_600
        let west = try RateDeckTests.deck(text, terms)
        #expect(try rate(west, talk: 60_000).amount.description == "0.06")
        #expect(try rate(west, talk: 60_000, at: after(3_600_000)).amount.description == "0.03")
        #expect(try rate(west, talk: 60_000, at: after(86_400_000)).amount.description == "0.06")
        for text in ["", "mo", "mon 08:00", "fri-mon-sun 08:00-09:00", "mon 25:00-26:00"] {
            #expect(PeakHours(text) == nil)
        }
    }

    @Test func jurisdictionsFollowTheTableOfAreaCodes() throws {
        let states = try AreaCodes(
            Array("npa,state\n212,NY\n646,NY\n305,FL\n".utf8), file: "npa.csv")
        let deck = try RateDeckTests.deck(
            "prefix,inter,intra,indeterminate\n1,0.01,0.02,0.03\n", states: states)
        let prices = try ["16465550100", "13055550100", "19995550100", "", "442071234567"].map {
            try rate(deck, talk: 1_000, from: $0).rate.description
        }
        #expect(prices == ["0.02", "0.01", "0.03", "0.03", "0.03"])
        #expect(throws: InputError.self) {
            try AreaCodes(Array("212,NY\n212,NJ\n".utf8), file: "npa.csv")
        }
    }
}
