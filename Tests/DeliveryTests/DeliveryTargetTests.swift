import Testing

@testable import Delivery

@Suite struct DeliveryTargetTests {
    @Test func destinationsAreToldByTheirScheme() {
        #expect(DeliveryTarget("sqlite:/var/lib/cdr.db") == .sqlite(path: "/var/lib/cdr.db"))
        let database = "postgres://billing@db/calls"
        #expect(DeliveryTarget(database) == .postgresql(address: database))
        #expect(DeliveryTarget("HTTPS://host/x") == .http(address: "HTTPS://host/x"))
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
}
