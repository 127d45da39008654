import Testing

@testable import Delivery

@Suite struct DeliveryTargetTests {
    @Test func destinationsAreToldByTheirScheme() {
        #expect(DeliveryTarget("sqlite:/var/lib/cdr.db") == .sqlite(path: "/var/lib/cdr.db"))
        let database = "postgres://billing@db/calls"
        #expect(DeliveryTarget(database) == .postgresql(address: database))
        #expect(DeliveryTarget("HTTPS://host/x") == .http(address: "HTTPS://host/x"))
        let bracketed = "http://[::1]:8080/cdr"
        #expect(DeliveryTarget(bracketed) == .http(address: bracketed))
        for text in ["", "sqlite:", "ftp://host/", "http:host", "http://", "postgresql:db"] {
            #expect(DeliveryTarget(text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        ("sqlite:a b.db", "sqlite:a b.db"),
        ("postgresql://joe:secret@db:5433/calls?password=x", "postgresql://joe@db:5433/calls"),
        ("postgresql://db/calls", "postgresql://db/calls"),
        ("https://joe:p@ss@host/a@b?token=x#y", "https://joe@host/a@b"),
    ])
    func namesHoldNoSecret(text: String, name: String) {
        #expect(DeliveryTarget(text)?.name == name)
    }

    // libpq reads the first two as the password "pa?ss" and "pa#ss" of joe.
    @Test(arguments: [
        "postgresql://joe:pa?ss@db/calls", "postgresql://joe:pa#ss@db/calls",
        "postgresql://joe:pa/ss@db/calls", "postgresql://joe:12/34@db/calls",
        "postgresql://joe:12?34@db/calls", "https://joe:pa?ss@host/", "https://joe:12/34@host/",
    ])
    func aPasswordThatMayEndElsewhereIsRefused(text: String) {
        #expect(DeliveryTarget(text) == nil)
    }
}
