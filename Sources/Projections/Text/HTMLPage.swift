/// One HTML file that has its looks in it and asks for nothing else.
struct HTMLPage {
    var title: String
    /// Markup.
    var body: String

    var html: String {
        let title = HTMLText.escaped(title)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(title)</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <h1>\(title)</h1>
            \(body)</body>
            </html>

            """
    }

    private static let style = """
        :root { color-scheme: light dark; --over: #b3402a; --under: #2a6db3; --line: #8886; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
          padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
        .verdict { font-size: 1.15rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; padding: .2rem .8rem .2rem 0; white-space: nowrap;
          border-bottom: 1px solid var(--line); }
        .number { text-align: right; }
        figure { margin: 1rem 0; } figcaption { font-weight: 600; }
        svg { width: 100%; height: auto; overflow: visible; }
        svg text { font-size: 11px; fill: currentColor; } svg line { stroke: currentColor; }
        .over { fill: var(--over); } .under { fill: var(--under); }
        svg .limit { stroke: var(--over); stroke-dasharray: 4 3; }
        """
}
