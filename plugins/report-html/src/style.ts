/** Light, dark and print. The roles' colours differ in lightness too, and each role has a shape of its own. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --faint: #5b6470; --line: #d5dae0; --panel: #f5f7f9;
  --baseline: #6b7480; --kept: #0b6e4f; --compared: #b4540a; --screened: #6a51a3; --band: #1b1f2414;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --ink: #e4e8ec; --faint: #9aa4af; --line: #333a42; --panel: #1d2226;
    --baseline: #a3adb8; --kept: #4fd1a1; --compared: #f2a154; --screened: #b9a3e3; --band: #e4e8ec1c;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
p, ul, pre, figure, details, .wide { margin: .6rem 0 1rem; }
p, li { max-width: 46rem; overflow-wrap: anywhere; }
.headline { font-size: 1.1rem; padding: .75rem 1rem; background: var(--panel); border-left: 4px solid var(--faint); max-width: none; }
code { font: .875em ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--panel); padding: .75rem 1rem; overflow-x: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); }
td { min-width: 2rem; }
td code { overflow-wrap: normal; }
td:last-child:not(.number) { min-width: 11rem; }
th { color: var(--faint); font-weight: 600; vertical-align: bottom; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
figcaption { font-size: .875rem; color: var(--faint); margin-bottom: .4rem; }
figcaption strong { color: var(--ink); display: block; }
figure svg { display: block; width: 100%; height: auto; max-width: 58rem; }
.key { white-space: nowrap; margin-right: .75rem; }
.key.baseline { color: var(--baseline); } .key.kept { color: var(--kept); } .key.compared { color: var(--compared); } .key.screened { color: var(--screened); }
summary { cursor: pointer; color: var(--faint); }
@media print {
  :root {
    color-scheme: light;
    --paper: #ffffff; --ink: #000000; --faint: #444444; --line: #bbbbbb; --panel: #ffffff;
    --baseline: #555555; --kept: #0b6e4f; --compared: #b4540a; --screened: #6a51a3; --band: #0000001a;
  }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  .wide, pre { overflow: visible; }
  table { font-size: 8pt; }
  td code { overflow-wrap: anywhere; }
  pre { white-space: pre-wrap; border: 1px solid var(--line); }
  h2 { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  details:not([open], .long)::details-content { content-visibility: visible; block-size: auto; }
  details.long > summary::after { content: ": not printed, tune.json has them"; }
}
`
