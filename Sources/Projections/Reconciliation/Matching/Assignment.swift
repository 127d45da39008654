/// One-to-one assignment: as many pairs as there can be, and of those the cheapest.
enum Assignment {
    /// Exact up to so many on the larger side; beyond it the cheapest pair is taken first.
    static let exactMax = 48
    /// Dearer than any sum of true costs, so that no pair is given up to save on others.
    private static let forbidden: Int64 = 1 << 40

    /// - Parameters:
    ///   - near: the columns that a row can be a pair with, and others; asked for large problems.
    ///   - cost: of a row and a column, at most 2^30; `nil` where they cannot be a pair.
    static func pairs(
        rows: Int, columns: Int, near: (Int) -> Range<Int>, cost: (Int, Int) -> Int64?
    ) -> [(row: Int, column: Int)] {
        if rows == 1, columns == 1 { return cost(0, 0) == nil ? [] : [(0, 0)] }
        guard max(rows, columns) <= exactMax else {
            return greedy(rows: rows, columns: columns, near: near, cost)
        }
        guard rows <= columns else {
            return exact(rows: columns, columns: rows) { cost($1, $0) }
                .map { (row: $0.column, column: $0.row) }
        }
        return exact(rows: rows, columns: columns, cost)
    }

    /// The Hungarian method with potentials: each row in turn takes the cheapest augmenting path.
    ///
    /// Index 0 of rows and columns stands for none. Needs no more rows than columns.
    private static func exact(
        rows: Int, columns: Int, _ cost: (Int, Int) -> Int64?
    ) -> [(row: Int, column: Int)] {
        var rowPotential = [Int64](repeating: 0, count: rows + 1)
        var columnPotential = [Int64](repeating: 0, count: columns + 1)
        var rowOfColumn = [Int](repeating: 0, count: columns + 1)
        for row in 1...rows {
            var previous = [Int](repeating: 0, count: columns + 1)
            var slack = [Int64](repeating: .max, count: columns + 1)
            var isVisited = [Bool](repeating: false, count: columns + 1)
            rowOfColumn[0] = row
            var column = 0
            repeat {
                isVisited[column] = true
                let current = rowOfColumn[column]
                var step = Int64.max
                var next = 0
                for candidate in 1...columns where !isVisited[candidate] {
                    let price = cost(current - 1, candidate - 1) ?? forbidden
                    let reduced = price - rowPotential[current] - columnPotential[candidate]
                    if reduced < slack[candidate] {
                        slack[candidate] = reduced
                        previous[candidate] = column
                    }
                    if slack[candidate] < step {
                        step = slack[candidate]
                        next = candidate
                    }
                }
                for index in 0...columns {
                    if isVisited[index] {
                        rowPotential[rowOfColumn[index]] += step
                        columnPotential[index] -= step
                    } else if index > 0 {
                        slack[index] -= step
                    }
                }
                column = next
            } while rowOfColumn[column] != 0
            while column != 0 {
                rowOfColumn[column] = rowOfColumn[previous[column]]
                column = previous[column]
            }
        }
        return (1...columns).compactMap { column in
            let row = rowOfColumn[column]
            guard row > 0, cost(row - 1, column - 1) != nil else { return nil }
            return (row - 1, column - 1)
        }
    }

    private static func greedy(
        rows: Int, columns: Int, near: (Int) -> Range<Int>, _ cost: (Int, Int) -> Int64?
    ) -> [(row: Int, column: Int)] {
        var edges: [(cost: Int64, row: Int, column: Int)] = []
        for row in 0..<rows {
            for column in near(row) {
                if let price = cost(row, column) { edges.append((price, row, column)) }
            }
        }
        edges.sort { ($0.cost, $0.row, $0.column) < ($1.cost, $1.row, $1.column) }
        var isRowTaken = [Bool](repeating: false, count: rows)
        var isColumnTaken = [Bool](repeating: false, count: columns)
        var pairs: [(row: Int, column: Int)] = []
        for edge in edges where !isRowTaken[edge.row] && !isColumnTaken[edge.column] {
            isRowTaken[edge.row] = true
            isColumnTaken[edge.column] = true
            pairs.append((edge.row, edge.column))
        }
        return pairs
    }
}
