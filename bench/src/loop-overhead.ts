import { type Entrant, holdContest, type Standing } from "./measure/contest.ts";
import { formatGoal, type Goal } from "./measure/goal.ts";
import { formatTable, toFigure } from "./measure/table.ts";
import { simulatorVariable, startSimulatorProcess } from "./simulators/simulator-process.ts";

export interface LoopOptions {
  readonly rounds: number;
}

/** CPU and rate of tickets with two model turns and one tool call, in process: the loop itself and its stores. */
export async function measureLoop({ rounds }: LoopOptions): Promise<string> {
  const entrants = [1, 50].flatMap((concurrency) => [
    // So little to do that a round of it needs many.
    entrant("hand-written", { concurrency, tickets: 50_000 }),
    entrant("memory", { concurrency, tickets: 2_000, baseline: "hand-written" }),
    entrant("memory, text", { concurrency, tickets: 2_000, baseline: "hand-written" }),
    entrant("memory, scripted", { concurrency, tickets: 2_000, baseline: "hand-written" }),
    entrant("SQLite process", { concurrency, tickets: 2_000, baseline: "hand-written" }),
    // Each ticket alone waits for the disk twice.
    entrant("SQLite full", {
      concurrency,
      tickets: concurrency === 1 ? 200 : 2_000,
      baseline: "hand-written",
    }),
  ]);
  const standings = await holdContest({ entrants, rounds });
  const goals = standings.flatMap((standing): readonly Goal[] => {
    const most = goalsByContender[standing.contender];
    if (most === undefined) return [];
    return [{ name: standing.name, value: standing.cpuMsPerTicket, most, unit: "CPU ms per ticket" }];
  });
  return report("Loop overhead, in process: two model turns and one tool call per ticket", standings, goals);
}

const goalsByContender: Readonly<Record<string, number>> = {
  memory: 0.1,
  "SQLite process": 0.25,
  "SQLite full": 0.25,
};

/** The same over HTTP, streamed, from a simulator in another process, whose CPU does not count. */
export async function measureHttp({ rounds }: LoopOptions): Promise<string> {
  const simulator = await startSimulatorProcess({ turns: 2 });
  try {
    const entrants = [1, 50].flatMap((concurrency) => [
      entrant("HTTP SDK", { concurrency, tickets: 300 }),
      entrant("HTTP fetch", { concurrency, tickets: 300, baseline: "HTTP SDK" }),
      entrant("HTTP memory", { concurrency, tickets: 300, baseline: "HTTP SDK" }),
      entrant("HTTP SQLite", { concurrency, tickets: 300, baseline: "HTTP SDK" }),
    ]);
    const env = { [simulatorVariable]: simulator.baseUrl };
    const standings = await holdContest({ entrants, rounds, env });
    const goals = standings
      .filter(({ contender }) => contender === "HTTP memory")
      .map(
        ({ name, ratio }): Goal => ({ name, value: ratio, most: 1.15, unit: "times the loop on the SDK" }),
      );
    return report("Loop overhead, over HTTP with streaming", standings, goals);
  } finally {
    await simulator.close();
  }
}

interface EntrantOptions {
  readonly concurrency: number;
  readonly tickets: number;
  readonly baseline?: string;
}

function entrant(contender: string, { concurrency, tickets, baseline }: EntrantOptions): Entrant {
  const nameOf = (text: string): string => `${labels[text] ?? text}, ${concurrency} at once`;
  return {
    name: nameOf(contender),
    contender,
    order: { tickets, concurrency },
    ...(baseline === undefined ? {} : { baseline: nameOf(baseline) }),
  };
}

const labels: Readonly<Record<string, string>> = {
  "hand-written": "hand-written loop",
  memory: "agentwerk, memory",
  "memory, text": "agentwerk, memory, text answer",
  "memory, scripted": "agentwerk, memory, scripted provider",
  "SQLite process": "agentwerk, SQLite (process)",
  "SQLite full": "agentwerk, SQLite (full)",
  "HTTP fetch": "hand-written loop on fetch",
  "HTTP SDK": "hand-written loop on openai SDK",
  "HTTP memory": "agentwerk, memory",
  "HTTP SQLite": "agentwerk, SQLite (full)",
};

function report(title: string, standings: readonly Standing[], goals: readonly Goal[]): string {
  const rows = standings.map(({ name, cpuMsPerTicket, ticketsPerSecond, ratio }) => [
    name,
    toFigure(cpuMsPerTicket),
    toFigure(ratio),
    toFigure(ticketsPerSecond),
  ]);
  const table = formatTable(["", "CPU ms/ticket", "ratio", "tickets/s"], rows);
  return [title, "", table, "", ...goals.map(formatGoal)].join("\n");
}
