import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ContenderMessage, RoundOrder, RoundResult } from "./contender.ts";
import { median, medianRatio } from "./statistics.ts";

export interface Entrant {
  readonly name: string;
  /** In `contenders/all-contenders.ts`. */
  readonly contender: string;
  readonly order: RoundOrder;
  /** The entrant that it is compared with. */
  readonly baseline?: string;
}

export interface ContestOptions {
  readonly entrants: readonly Entrant[];
  readonly rounds: number;
  /** For the contenders' processes, such as where the simulator listens. */
  readonly env?: Readonly<Record<string, string>>;
  /** Node options of the contenders' processes, such as `--cpu-prof`. */
  readonly execArgv?: readonly string[];
}

export interface Standing extends Entrant {
  readonly cpuMsPerTicket: number;
  readonly ticketsPerSecond: number;
  /** CPU per ticket by the baseline's; `NaN` without one. */
  readonly ratio: number;
}

const program = fileURLToPath(new URL("./run-contender.ts", import.meta.url));
const warmUpRounds = 2;

/**
 * Runs every entrant once per round, in turns, and compares medians. Each contender has a process of its own, so that
 * none runs on code that the engine has shaped for another; only one works at a time.
 */
export async function holdContest(options: ContestOptions): Promise<readonly Standing[]> {
  const { entrants, rounds } = options;
  const processes = new Map<string, ChildProcess>();
  try {
    for (const { contender } of entrants) {
      if (!processes.has(contender)) processes.set(contender, await startContender(contender, options));
    }
    const results = new Map<string, RoundResult[]>(entrants.map(({ name }) => [name, []]));
    for (let round = -warmUpRounds; round < rounds; round++) {
      for (const { name, contender, order } of entrants) {
        const result = await askForRound(processes.get(contender), order);
        if (round >= 0) results.get(name)?.push(result);
      }
    }
    return entrants.map((entrant) => toStanding(entrant, { entrants, results }));
  } finally {
    await Promise.all([...processes.values()].map(stopContender));
  }
}

function toStanding(
  entrant: Entrant,
  options: {
    readonly entrants: readonly Entrant[];
    readonly results: ReadonlyMap<string, readonly RoundResult[]>;
  },
): Standing {
  const { entrants, results } = options;
  const baseline = entrants.find(({ name }) => name === entrant.baseline);
  const cpuOf = ({ name, order }: Entrant): readonly number[] =>
    (results.get(name) ?? []).map(({ cpuMs }) => cpuMs / order.tickets);
  const cpu = cpuOf(entrant);
  const rates = (results.get(entrant.name) ?? []).map(
    ({ wallMs }) => (entrant.order.tickets * 1000) / wallMs,
  );
  return {
    ...entrant,
    cpuMsPerTicket: median(cpu),
    ticketsPerSecond: median(rates),
    ratio: baseline === undefined ? Number.NaN : medianRatio(cpu, cpuOf(baseline)),
  };
}

async function startContender(name: string, { env, execArgv = [] }: ContestOptions): Promise<ChildProcess> {
  const child = fork(program, [name], { env: { ...process.env, ...env }, execArgv: [...execArgv] });
  await nextMessage(child);
  return child;
}

async function askForRound(child: ChildProcess | undefined, order: RoundOrder): Promise<RoundResult> {
  if (child === undefined) throw new Error("The contender was not started.");
  const answer = nextMessage(child);
  child.send(order);
  const message = await answer;
  if (message.type !== "round") throw new Error(`The contender answered with ${message.type}.`);
  return message.result;
}

async function nextMessage(child: ChildProcess): Promise<ContenderMessage> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    const [message] = await Promise.race([
      once(child, "message", { signal }),
      once(child, "exit", { signal }).then(([code]) => {
        throw new Error(`The contender's process ended with ${code}; its error stands above.`);
      }),
    ]);
    return message as ContenderMessage;
  } finally {
    settled.abort();
  }
}

async function stopContender(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
}
