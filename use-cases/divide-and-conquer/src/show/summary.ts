import { count, fitLine, groupDigits, type Terminal, toSeconds } from "@agentwerk/use-cases-shared";
import type { Report } from "./report.ts";

/** Problems that are listed one by one. */
const mostProblems = 5;

/** The end of a run in a dozen lines. */
export function summarize(report: Report, { paint, columns }: Terminal): string {
  const rows: readonly (readonly [string, string])[] = [
    [
      "Answer",
      report.sum === null ? paint("yellow", "unknown") : paint("bold", groupDigits(BigInt(report.sum))),
    ],
    ["Closed form", groupDigits(BigInt(report.expected))],
    ["Verified", report.verified ? paint("green", "yes") : paint("red", `no${offset(report)}`)],
    ["Tickets", tickets(report)],
    ["Requests", requests(report)],
    ["Tool calls", groupDigits(report.toolCalls)],
    ["Mended", `${count(report.corrections, "correction")}, ${count(report.repairs, "repair")}`],
    ["Tokens", `${groupDigits(report.inputTokens)} in, ${groupDigits(report.outputTokens)} out`],
    ["Cost", cost(report)],
    ["Time", toSeconds(report.durationMs)],
  ];
  const lines = rows.map(([name, value]) => `${paint("dim", name.padEnd(13))}${value}`);
  const problems = report.problems
    .slice(0, mostProblems)
    .map((problem) => `${paint("red", "✗")} ${fitLine(problem, columns() - 2)}`);
  const further = report.problems.length - problems.length;
  if (further > 0) problems.push(`  and ${count(further, "further problem")}`);
  return ["", ...lines, ...(problems.length > 0 ? ["", ...problems] : []), ""].join("\n");
}

function offset({ sum, expected, problems }: Report): string {
  if (sum === null) return problems.length > 0 ? "" : ", parts are missing";
  return `, off by ${groupDigits(BigInt(sum) - BigInt(expected))}`;
}

function tickets({ tickets: { done, failed, open } }: Report): string {
  return [`${done} done`, `${failed} failed`, ...(open > 0 ? [`${open} open`] : [])].join(", ");
}

function requests({ requests: all, retries }: Report): string {
  return retries === 0 ? groupDigits(all) : `${groupDigits(all)}, ${groupDigits(retries)} of them repeated`;
}

function cost({ cost: dollars, simulated }: Report): string {
  if (simulated) return "none, the model is simulated";
  return dollars === null ? "unknown for this model" : `$${dollars.toFixed(4)}`;
}
