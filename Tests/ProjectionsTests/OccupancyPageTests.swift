import Testing
import TrunkEvents

@testable import Projections

@Suite struct OccupancyPageTests {
    @Test func stepsGoUpAndDownUnderTheCap() {
        let plot = StepPlot(title: "a<b", levels: [0, 2, 2, 1], limit: 4, marks: ["x", "y", "z"])
        // 136 high above the zero line at 150: 34 a channel.
        #expect(
            plot.svg.contains("d=\"M0 150H0V150H180V82H540V116H720V150Z\""), "\(plot.svg)")
        #expect(plot.svg.contains("<line class=\"limit\" x1=\"0\" x2=\"720\" y1=\"14\""))
        #expect(plot.svg.contains(">cap 4</text>") && plot.svg.contains("a&lt;b"))
        #expect(plot.svg.contains("<text x=\"360\" y=\"166\" text-anchor=\"middle\">y</text>"))
    }

    @Test func everyTrunkHasItsPlot() {
        let readings = [alpha1, beta1].map { trunk in
            OccupancyReading(
                trunk: trunk, carrier: alpha, inUse: 3, cap: 50, peak: 3, at: after(0))
        }
        let html = OccupancyPage(readings, from: start, to: after(60_000)).html
        #expect(html.contains("Occupancy from 2026-11-22 14:00:00 to 2026-11-22 14:01:00 UTC</h1>"))
        #expect(html.ranges(of: "<svg").count == 2)
        #expect(html.contains("<td>beta-1</td><td class=\"number\">50</td>"))
        for word in ["//", "src=", "href=", "<script", "url("] { #expect(!html.contains(word)) }
    }

    @Test func anEmptyRangeIsAPage() {
        #expect(OccupancyPage([], from: start, to: start).html.contains("</html>"))
    }
}
