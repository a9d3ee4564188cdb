/** The look of the HTML report: light or dark as the reader's system is, and readable on a narrow screen. */
export const reportStyle: string = `
:root { color-scheme: light dark; --text: #1c1d1f; --quiet: #5c6066; --line: #d9dce0; --paper: #fdfdfc; --link: #0b57b0; --warn: #8a5300; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e7e8ea; --quiet: #a2a7ae; --line: #3a3d42; --paper: #17181a; --link: #8ab8f5; --warn: #f0b96b; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--text); font: 1.0625rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 0.5rem; }
h2 { font-size: 1.25rem; margin: 2.25rem 0 0.5rem; }
a { color: var(--link); }
.question, footer, small { color: var(--quiet); }
.question { font-style: italic; margin-top: 0; }
.summary { font-size: 1.125rem; }
.notice { border-left: 3px solid var(--warn); padding-left: 0.75rem; color: var(--warn); }
.disagreements { border-left: 3px solid var(--line); padding-left: 1rem; }
.mark { font-size: 0.72em; vertical-align: super; line-height: 0; padding: 0 0.2em; text-decoration: none; }
.sources { padding-left: 1.75rem; }
.sources li { margin-bottom: 1rem; }
.sources li:target { outline: 2px solid var(--link); outline-offset: 0.4rem; }
blockquote { margin: 0.4rem 0 0; padding-left: 0.75rem; border-left: 2px solid var(--line); color: var(--quiet); font-size: 0.94rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; font-size: 0.9rem; }
@media (max-width: 30rem) { body { font-size: 1rem; } main { padding-top: 1.25rem; } h1 { font-size: 1.5rem; } }
@media print { body { background: none; } a { color: inherit; } }
`;
