import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { formatGoal, type Goal } from "../measure/goal.ts";
import { median, medianRatio } from "../measure/statistics.ts";
import { formatTable, toFigure } from "../measure/table.ts";
import { simulatorVariable, startSimulatorProcess } from "../simulators/simulator-process.ts";
import { type TurnCost, turnsPerTicket, watchedTurns } from "./turn-meter.ts";

const ways = [
  { id: "memory", name: "agentwerk in process, memory" },
  { id: "sqlite", name: "agentwerk in process, SQLite (process)" },
  { id: "http", name: "agentwerk over HTTP, memory" },
  { id: "sdk", name: "hand-written loop on openai SDK" },
] as const;

type Way = (typeof ways)[number]["id"];

const program = fileURLToPath(new URL("./run-turns.ts", import.meta.url));

/** Growth that noise alone explains, from turn 10 to turn 200, where no bytes are sent. */
const flat = 1.5;
const besideSdk = 1.15;

/** CPU per turn early and late in one long ticket: it may grow with the bytes that are sent, and with nothing else. */
export async function measureTurns({ rounds }: { readonly rounds: number }): Promise<string> {
  const simulator = await startSimulatorProcess({ turns: turnsPerTicket });
  const found = new Map<Way, TurnCost[][]>(ways.map(({ id }) => [id, []]));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const { id } of ways) found.get(id)?.push(await runWay(id, simulator.baseUrl));
    }
  } finally {
    await simulator.close();
  }
  const costOf = (way: Way, turn: number): TurnCost => medianCost(found.get(way) ?? [], turn);
  const cpuOf = (way: Way, turn: number): readonly number[] =>
    (found.get(way) ?? []).map((run) => run.find((cost) => cost.turn === turn)?.cpuMs ?? Number.NaN);
  const rows = ways.map(({ id, name }) => [
    name,
    ...watchedTurns.flatMap((turn) => {
      const { cpuMs, bytes } = costOf(id, turn);
      return [toFigure(cpuMs), toFigure(bytes / 1000)];
    }),
  ]);
  const head = [
    "CPU ms per turn, kB of conversation",
    ...watchedTurns.flatMap((turn) => [`turn ${turn}`, "kB"]),
  ];
  const [early = 0] = watchedTurns;
  const late = watchedTurns.at(-1) ?? 0;
  const goals: readonly Goal[] = [
    ...(["memory", "sqlite"] as const).map((way) => ({
      name: `in process, ${way === "memory" ? "memory" : "SQLite"}: turn ${late} by turn ${early}`,
      value: medianRatio(cpuOf(way, late), cpuOf(way, early)),
      most: flat,
      unit: "times",
    })),
    ...watchedTurns.map((turn) => ({
      name: `over HTTP, turn ${turn}: by the hand-written loop that sends as much`,
      value: medianRatio(cpuOf("http", turn), cpuOf("sdk", turn)),
      most: besideSdk,
      unit: "times",
    })),
  ];
  const title = `Turns of one ticket of ${turnsPerTicket}`;
  return [title, "", formatTable(head, rows), "", ...goals.map(formatGoal)].join("\n");
}

function medianCost(runs: readonly (readonly TurnCost[])[], turn: number): TurnCost {
  const costs = runs.flatMap((run) => run.filter((cost) => cost.turn === turn));
  return {
    turn,
    cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
    bytes: median(costs.map(({ bytes }) => bytes)),
  };
}

async function runWay(way: Way, baseUrl: string): Promise<TurnCost[]> {
  const child = fork(program, [way], { env: { ...process.env, [simulatorVariable]: baseUrl } });
  const ended = once(child, "exit");
  const [costs] = await Promise.race([
    once(child, "message"),
    ended.then(([code]) => {
      throw new Error(`Measuring ${way} ended with ${code}; its error stands above.`);
    }),
  ]);
  await ended;
  return costs as TurnCost[];
}
