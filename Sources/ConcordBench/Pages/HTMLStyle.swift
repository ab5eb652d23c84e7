import Foundation

/// How pages look, by day and by night.
enum HTMLStyle {
  /// The background of a ratio: the greener the faster we are, the redder the slower.
  static func shade(_ ratio: Double) -> String {
    let strength = min(1, abs(log2(ratio)) / 3)
    let alpha = (0.08 + 0.42 * strength).formatted(.number.precision(.fractionLength(2)))
    return "background:rgb(from var(\(ratio >= 1 ? "--good" : "--bad")) r g b / \(alpha))"
  }

  static let text = """
    :root {
      color-scheme: light dark;
      --page: #fcfcfb; --card: #ffffff; --ink: #1d2330; --soft: #5d6678; --rule: #e3e6eb;
      --ours: #1f5fd6; --good: #1f9d57; --bad: #d0453e;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #14171d; --card: #1b1f27; --ink: #e6e9ef; --soft: #9aa4b5; --rule: #2d333e;
        --ours: #6ea2ff; --good: #3cc47c; --bad: #f0716a;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; padding: 3rem 2rem 5rem; max-width: 1280px; background: var(--page);
      color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
    }
    h1 { font-size: 2rem; letter-spacing: -0.02em; margin: 0 0 0.6rem; }
    h2 { font-size: 1.25rem; margin: 3rem 0 0.4rem; letter-spacing: -0.01em; }
    p { max-width: 100ch; margin: 0.3rem 0 1rem; color: var(--soft); }
    .summary { font-size: 1.05rem; color: var(--ink); margin: 0.15rem 0; }
    dl {
      display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1.2rem; margin: 1.4rem 0 0;
      padding: 0.9rem 1.1rem; border: 1px solid var(--rule); border-radius: 8px;
      background: var(--card); font-size: 0.87rem;
    }
    dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
    code { font: 0.95em ui-monospace, "DejaVu Sans Mono", monospace; }
    .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(520px, 100%), 1fr)); gap: 1.2rem; }
    figure {
      margin: 0; padding: 0.9rem 0.7rem 0.5rem; border: 1px solid var(--rule); border-radius: 8px;
      background: var(--card);
    }
    figcaption { font-weight: 600; font-size: 0.92rem; padding: 0 0.4rem 0.5rem; }
    svg { display: block; width: 100%; height: auto; font: 11.5px system-ui, "DejaVu Sans", sans-serif; }
    svg .grid { stroke: var(--rule); fill: none; }
    svg .tick, svg .axis { fill: var(--soft); font-variant-numeric: tabular-nums; }
    svg .line { fill: none; stroke: var(--c); stroke-width: 1.6; stroke-linejoin: round; opacity: 0.85; }
    svg .bar { stroke: var(--c); stroke-width: 1; opacity: 0.45; }
    svg circle { fill: var(--c); stroke: var(--card); stroke-width: 1.2; }
    svg .chosen .line { stroke-width: 3.4; opacity: 1; }
    svg .alone .line { stroke-dasharray: 5 4; }
    svg .label text { fill: var(--c); font-weight: 500; }
    svg .label.chosen text { font-weight: 700; }
    svg .leader { stroke: var(--c); fill: none; opacity: 0.35; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-size: 0.84rem; font-variant-numeric: tabular-nums; }
    th, td { padding: 0.22rem 0.65rem; text-align: left; border-bottom: 1px solid var(--rule); white-space: nowrap; }
    thead th { color: var(--soft); font-weight: 500; border-bottom-width: 2px; }
    tbody th { font-weight: 500; }
    td.number, th.number, .ratio { text-align: right; }
    .ratio { min-width: 4.2em; border-bottom-color: transparent; }
    tr.ours th { color: var(--ours); font-weight: 700; }
    .state { padding: 0.05rem 0.55rem; border-radius: 1em; font-size: 0.78rem; font-weight: 600; }
    .held { color: var(--good); background: rgb(from var(--good) r g b / 0.14); }
    .missed { color: var(--bad); background: rgb(from var(--bad) r g b / 0.14); }
    .unmeasured { color: var(--soft); background: var(--rule); }
    details { margin: 0.25rem 0; } summary { cursor: pointer; padding: 0.15rem 0; }
    details .scroll { padding: 0.3rem 0 1rem 1rem; }
    li { font-size: 0.87rem; color: var(--soft); }
    @media print { body { max-width: none; padding: 0; } figure { break-inside: avoid; } }
    """
}
