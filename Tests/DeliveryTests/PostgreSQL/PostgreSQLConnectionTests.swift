import Testing

@testable import Delivery

@Suite struct PostgreSQLConnectionTests {
    /// Classes of appendix A of PostgreSQL's manual.
    @Test func onlyWhatMayPassIsTriedAgain() {
        for state in ["", "08006", "40001", "53300", "55P03", "57P01", "57014", "58030"] {
            #expect(PostgreSQLConnection.passes(state), "\(state)")
        }
        for state in ["22P02", "23505", "28P01", "42501", "42P01"] {
            #expect(!PostgreSQLConnection.passes(state), "\(state)")
        }
    }
}
