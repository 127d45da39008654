import Projections

/// A call record's fields, and those of its price where decks are loaded.
enum RatedColumns {
    static func listing(isRated: Bool) -> [ListingColumn<RatedCDR>] {
        let row = CDRColumns.listing.map { column -> ListingColumn<RatedCDR> in
            var lifted = column.lifted { (rated: RatedCDR) in rated.row }
            if column.name == CDRColumn.supersedes.rawValue {
                lifted.value = { OutputValue(count: $0.supersedes) }
            }
            return lifted
        }
        return isRated ? row + price : row
    }

    static let price: [ListingColumn<RatedCDR>] = [
        ListingColumn(
            "rated_s",
            value: { rated in
                rated.rating.map { .integer($0.billedSeconds) } ?? .none
            }),
        ListingColumn("rate", value: { OutputValue($0.rating?.rate) }),
        ListingColumn(
            "amount", "AMOUNT", .right, rank: 1, value: { OutputValue($0.rating?.amount) }),
        ListingColumn("currency", value: { OutputValue($0.rating?.currency) }),
        ListingColumn("deck_sha256", value: { OutputValue($0.rating?.deck) }),
    ]
}

extension ListingColumn {
    /// The same column of rows that contain such a row.
    func lifted<Whole>(
        _ part: @escaping @Sendable (Whole) -> Row
    ) -> ListingColumn<Whole> {
        let (value, cell) = (value, cell)
        var lifted = ListingColumn<Whole>(name, value: { value(part($0)) })
        lifted.table = table
        if let cell { lifted.cell = { cell(part($0)) } }
        return lifted
    }
}
