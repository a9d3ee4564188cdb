import type { Feature } from "./features.ts";

/** What a package's test file says when it calls the suite. */
export interface DeclaredSuite {
  readonly name: string;
  /** Reasons by case. */
  readonly skip: Readonly<Record<string, string>>;
}

export interface TableOptions {
  readonly suites: readonly DeclaredSuite[];
  readonly features: readonly Feature[];
  /** Ids of all cases. */
  readonly cases: readonly string[];
}

/** Markdown: a row for each feature, a column for each suite, and below it each skip with its reason. */
export function toFeatureTable({ suites, features, cases }: TableOptions): string {
  const placed = new Set(features.flatMap((feature) => feature.cases));
  const rest = cases.filter((id) => !placed.has(id));
  const others = { name: `${rest.length} other cases of the suite`, cases: rest };
  const rows = [...features, ...(rest.length === 0 ? [] : [others])].map((feature) => [
    feature.name,
    ...suites.map((suite) => toCell(feature, suite)),
  ]);
  const table = [["", ...suites.map(({ name }) => name)], ["---", ...suites.map(() => ":---:")], ...rows];
  const skips = suites.flatMap(toSkipLines);
  const legend = skips.length === 0 ? [] : ["", "What is not there, and why:", "", ...skips];
  return [...table.map((row) => `| ${row.join(" | ")} |`), ...legend].join("\n");
}

function toCell({ cases }: Feature, { skip }: DeclaredSuite): string {
  const skipped = cases.filter((id) => id in skip);
  if (skipped.length === 0) return "✓";
  return skipped.length === cases.length ? "–" : "in part";
}

/** Cases that are skipped for the same reason stand in one line. */
function toSkipLines({ name, skip }: DeclaredSuite): readonly string[] {
  const byReason = Map.groupBy(Object.entries(skip), ([, reason]) => reason);
  return [...byReason].map(([reason, entries]) => {
    return `- ${name}: ${entries.map(([id]) => `\`${id}\``).join(", ")}: ${reason}.`;
  });
}
