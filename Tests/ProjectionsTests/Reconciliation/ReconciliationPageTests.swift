import TestSupport
import Testing

@testable import Projections

@Suite struct ReconciliationPageTests {
    private func page(fileName: String) throws -> String {
        let seed = Seed(for: "ReconciliationPageTests")
        let invoice = PlantedInvoice(PlantedInvoice.Carrier(), lineCount: 2_000, seed: seed)
        let (report, _) = try PlantedInvoiceTests.reconcile(
            invoice, interval: "6/6", fileName: fileName)
        return ReconciliationPage(report).html
    }

    @Test func itAsksForNothingFromOutside() throws {
        let html = try page(fileName: "invoice.csv")
        for word in ["http://", "https://", "//", "src=", "href=", "<script", "<link", "@import"] {
            #expect(!html.contains(word), "the page has \(word)")
        }
        #expect(!html.contains("url("))
        #expect(html.contains("default-src 'none'"))
    }

    @Test func itHasPlotsAndEveryClass() throws {
        let html = try page(fileName: "invoice.csv")
        #expect(html.ranges(of: "<svg").count == 4)
        #expect(html.ranges(of: "<svg").count == html.ranges(of: "</svg>").count)
        for kind in Finding.Kind.allCases {
            #expect(html.contains("<td>\(kind.title)</td>"))
        }
        #expect(html.contains("UTC+00:00"))
    }

    @Test func namesCannotBecomeMarkup() throws {
        let html = try page(fileName: "<script>alert(1)<b>.csv")
        #expect(!html.contains("<script") && html.contains("&lt;script&gt;"))
    }

    @Test func barsHangFromTheZeroLine() {
        let plot = BarPlot(
            title: "t",
            bars: [
                BarPlot.Bar(label: "a", value: 3, text: "3"),
                BarPlot.Bar(label: "b", value: -1, text: "-1"),
            ])
        let columns = plot.columns
        #expect(columns.contains(#""over" x="36" y="4" width="288" height="112.5""#))
        #expect(columns.contains(#""under" x="396" y="116.5" width="288" height="37.5""#))
    }
}
