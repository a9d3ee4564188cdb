import type { Stats, Tally, TicketSystem } from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { formatCost, formatDuration, groupDigits } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { sanitizeLine } from "../../show/sanitize.ts";
import { formatFields } from "../../show/table.ts";
import { lookIntoQueue } from "../tickets/with-queue.ts";
import { describeRows, type StatsRow } from "./describe-rows.ts";
import { tallyAgents } from "./tally-agents.ts";

export interface ShowStatsOptions {
  /** Unless said, agents are tallied where that takes no time that anybody notices. */
  readonly agents?: boolean | undefined;
  readonly json?: true | undefined;
}

/** About 25 µs are spent on each. */
const mostTickets = 20_000;

export async function showStats(options: ShowStatsOptions, context: CommandContext): Promise<ExitCode> {
  const { out, log } = context;
  const { all, labels, agents } = await lookIntoQueue(context, (tickets) => readStats(tickets, options));
  if (options.json === true) {
    out.write(
      toJsonLine({
        all,
        labels: Object.fromEntries(labels),
        ...(agents === undefined ? {} : { agents: Object.fromEntries(agents) }),
      }),
    );
    return exitCodes.ok;
  }
  out.write(describeAll(all, context));
  out.write(
    describeRows(
      "label",
      labels.map(([name, tally]) => toRow(name, tally)),
      out,
    ),
  );
  out.write(
    describeRows(
      "agent",
      (agents ?? []).map(([name, tally]) => toRow(name, tally)),
      out,
    ),
  );
  if (agents === undefined && options.agents === undefined) {
    const hint = `What each agent did: --agents, which looks at ${groupDigits(all.created)} tickets.`;
    log.write(`${log.paint("dim", hint)}\n`);
  }
  return exitCodes.ok;
}

type Named = readonly (readonly [name: string, tally: Tally])[];

async function readStats(
  tickets: TicketSystem,
  options: ShowStatsOptions,
): Promise<{ readonly all: Stats; readonly labels: Named; readonly agents: Named | undefined }> {
  const [all, totals] = await Promise.all([tickets.stats(), tickets.store.totals()]);
  const isWanted = options.agents ?? (options.json === true || all.created <= mostTickets);
  const agents = isWanted ? bySize([...(await tallyAgents(tickets))]) : undefined;
  return { all, labels: bySize(Object.entries(totals.labels)), agents };
}

function bySize(entries: Named): Named {
  return [...entries].sort(([, left], [, right]) => right.created - left.created);
}

function toRow(name: string, { created, done, failed, work }: Tally): StatsRow {
  const tokens = work.usage.inputTokens + work.usage.outputTokens;
  return {
    name: sanitizeLine(name),
    tickets: created,
    done,
    failed,
    workMs: work.workMs,
    tokens,
    cost: work.cost,
  };
}

function describeAll(stats: Stats, { out }: CommandContext): string {
  const ended = stats.done + stats.failed;
  return formatFields(
    [
      [
        "tickets",
        `${groupDigits(stats.created)}: ${groupDigits(stats.done)} done, ${groupDigits(stats.failed)} failed, ${groupDigits(stats.cancelled)} cancelled`,
      ],
      ["success", ended === 0 ? undefined : `${(stats.successRate * 100).toFixed(1)} %`],
      ["work", `${formatDuration(stats.workMs)}, ${formatDuration(stats.meanWorkMs)} a ticket`],
      ["filed to end", `${formatDuration(stats.meanTicketMs)} a ticket`],
      ["requests", groupDigits(stats.requests)],
      ["tool calls", groupDigits(stats.toolCalls)],
      ["errors", groupDigits(stats.errors)],
      [
        "tokens",
        `${groupDigits(stats.inputTokens)} in (${groupDigits(stats.cachedTokens)} cached), ${groupDigits(stats.outputTokens)} out`,
      ],
      ["cost", formatCost(stats.cost)],
    ],
    out,
  );
}
