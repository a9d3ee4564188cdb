import { release } from "node:os";

/** What remains of a run's limits when a ticket is claimed; absent: not limited. */
export interface Remaining {
  readonly steps?: number | undefined;
  readonly turns?: number | undefined;
  readonly timeMs?: number | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  /** US dollars. */
  readonly cost?: number | undefined;
}

/** The facts that open a ticket's conversation unless the agent brings its own: where, on what, when, and how much is left. */
export function contextBlock(options: {
  readonly dir: string;
  readonly now: number;
  readonly remaining: Remaining;
}): string {
  const lines = [
    `Working directory: ${options.dir}`,
    `Platform: ${process.platform} (${machine})`,
    `Date: ${dateOf(options.now)}`,
    ...remainingLines(options.remaining),
  ];
  return `<context>\n${lines.join("\n")}\n</context>`;
}

let today = { number: Number.NaN, text: "" };

/** The day in UTC as 2026-11-22; written once a day. */
function dateOf(now: number): string {
  const number = Math.floor(now / 86_400_000);
  if (number !== today.number) today = { number, text: new Date(now).toISOString().slice(0, 10) };
  return today.text;
}

const machine = `${process.arch}, ${release()}`;

function remainingLines(remaining: Remaining): readonly string[] {
  const { steps, turns, timeMs, inputTokens, outputTokens, cost } = remaining;
  const parts: string[] = [];
  if (turns !== undefined) parts.push(`${turns} turns for this ticket`);
  if (steps !== undefined) parts.push(`${steps} further tickets`);
  if (timeMs !== undefined) parts.push(`${Math.max(0, Math.round(timeMs / 1000))} seconds`);
  if (inputTokens !== undefined) parts.push(`${Math.max(0, inputTokens)} input tokens`);
  if (outputTokens !== undefined) parts.push(`${Math.max(0, outputTokens)} output tokens`);
  if (cost !== undefined) parts.push(`${Math.max(0, cost).toFixed(2)} US dollars`);
  return parts.length === 0 ? [] : [`Remaining: ${parts.join(", ")}`];
}
