import type { ReadPages } from "../evidence/read-pages.ts";
import type { CheckedFinding, Source } from "../report/report.ts";
import type { Findings } from "./findings.ts";

/**
 * The findings of all tickets, each citation compared once more with what the conversations prove to have been read;
 * what two researchers found is there once.
 */
export function assembleFindings(
  researched: readonly (Findings & { readonly angle: string })[],
  read: ReadPages,
): {
  readonly findings: readonly CheckedFinding[];
  readonly sources: readonly Source[];
  /** Citations that were left out. */
  readonly dropped: number;
} {
  const sources = new Map<string, Source>();
  const findings = new Map<string, CheckedFinding>();
  let dropped = 0;
  for (const { angle, findings: found } of researched) {
    for (const finding of found) {
      const page = read.find(finding.url);
      if (page === undefined || read.check(finding) !== undefined) {
        dropped++;
        continue;
      }
      const source = sources.get(page.url) ?? { number: sources.size + 1, url: page.url, title: page.title };
      sources.set(page.url, source);
      const identity = `${page.url}\n${finding.quote}`;
      if (findings.has(identity)) continue;
      const number = findings.size + 1;
      findings.set(identity, { ...finding, url: page.url, number, angle, source: source.number });
    }
  }
  return { findings: [...findings.values()], sources: [...sources.values()], dropped };
}
