import {
  type ChosenModel,
  chooseModel,
  complain,
  count,
  groupDigits,
  openTerminal,
  runCommandLine,
  runInterruptible,
  TallyCounter,
  type Terminal,
  toJsonLine,
} from "@agentwerk/use-cases-shared";
import { simulated } from "../model/simulated-model.ts";
import { Progress } from "../show/progress.ts";
import { type Report, toReport } from "../show/report.ts";
import { summarize } from "../show/summary.ts";
import { solve } from "../solve.ts";
import { type Options, parseOptions, usage } from "./parse-options.ts";

const program = "divide-and-conquer";

export interface CliHost {
  /** The seam for the model; tests put one here that lies. */
  readonly chooseModel?: () => Promise<ChosenModel>;
}

/** Runs a command line; resolves with the exit code: 0 verified, 1 not, 2 a wrong option, 130 interrupted, 143 terminated. */
export function runCli(argv: readonly string[], host: CliHost = {}): Promise<number> {
  return runCommandLine({
    program,
    usage,
    parse: () => parseOptions(argv),
    run: (options) => runSolve(options, host),
  });
}

async function runSolve(options: Options, host: CliHost): Promise<number> {
  const terminal = openTerminal(process.stdout);
  const progress = options.json ? undefined : new Progress({ terminal, isVerbose: options.verbose });
  return runInterruptible({
    onInterrupt: () => progress?.line("yellow", "Interrupted: ending in order …"),
    open: () =>
      host.chooseModel?.() ?? chooseModel({ env: process.env, name: options.model, simulator: simulated }),
    stop: () => progress?.stop(),
    async work(chosen, { signal }) {
      progress?.line("bold", describe(options));
      progress?.line("dim", chosen.description);
      const report = await work({ options, chosen, progress, signal });
      progress?.stop();
      if (options.json) process.stdout.write(toJsonLine(report));
      return conclude(report, { options, terminal, advice: chosen.advice });
    },
  });
}

async function work(run: {
  readonly options: Options;
  readonly chosen: ChosenModel;
  readonly progress: Progress | undefined;
  readonly signal: AbortSignal;
}): Promise<Report> {
  const { options, chosen, progress, signal } = run;
  const counter = new TallyCounter();
  const startedAt = performance.now();
  const solution = await solve(
    { ...options, model: chosen.model },
    {
      signal,
      onFiled: (parts) => progress?.start(parts),
      onEvent: (event) => {
        counter.add(event);
        progress?.add(event);
      },
    },
  );
  return toReport({
    options,
    solution,
    tally: counter.tally,
    model: chosen.model.name,
    isSimulated: chosen.isSimulated,
    isInterrupted: signal.aborted,
    durationMs: performance.now() - startedAt,
  });
}

function conclude(
  report: Report,
  run: {
    readonly options: Options;
    readonly terminal: Terminal;
    readonly advice: string;
  },
): number {
  const { options, terminal, advice } = run;
  if (report.interrupted) {
    const next = options.dir === undefined ? "" : " The same command goes on from here.";
    if (!options.json)
      terminal.write(`${report.tickets.done} of ${count(options.partitions, "ticket")} done.${next}\n`);
    return 1;
  }
  if (report.requestFailure !== null) {
    complain(program, `${report.requestFailure} ${advice}`);
    return 1;
  }
  if (!options.json) terminal.write(summarize(report, terminal));
  return report.verified ? 0 : 1;
}

function describe({ n, partitions, concurrency }: Options): string {
  return `1² + 2² + … + ${groupDigits(n)}² in ${count(partitions, "ticket")}, worked by ${count(concurrency, "agent")}`;
}
