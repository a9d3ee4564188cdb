import { AgentwerkError, type AgentwerkEvent, TicketError, toErrorMessage } from "@agentwerk/core";
import {
  type ChosenModel,
  chooseModel,
  complain,
  count,
  describeDetail,
  describeRecovery,
  type Mark,
  openTerminal,
  runCommandLine,
  runInterruptible,
  sanitizeLine,
  TallyCounter,
  TicketLog,
  toJsonLine,
} from "@agentwerk/use-cases-shared";
import { type Answer, askForLetter, isRight } from "../hello-world.ts";
import { simulatedModel } from "../model/simulated-model.ts";
import { type Options, parseOptions, usage } from "./parse-options.ts";

const program = "hello-world";

/** Runs a command line; resolves with the exit code: 0 right, 1 not, 2 a wrong option, 130 interrupted, 143 terminated. */
export function runCli(argv: readonly string[]): Promise<number> {
  return runCommandLine({ program, usage, parse: () => parseOptions(argv), run: runHello });
}

async function runHello(options: Options): Promise<number> {
  const { text, model: name, json } = options;
  const terminal = openTerminal(process.stdout);
  const log = json ? undefined : new TicketLog(terminal, () => "working");
  return runInterruptible({
    onInterrupt: () => log?.line("yellow", "Interrupted: ending in order …"),
    open: () => chooseModel({ env: process.env, name, simulator: { respond: simulatedModel } }),
    stop: () => log?.stop(),
    async work(chosen, { signal }) {
      log?.line("bold", `Which letter stands most often in “${text}”?`);
      log?.line("dim", chosen.description);
      log?.start();
      const report = await work(options, { chosen, log, signal });
      log?.stop();
      if (json) process.stdout.write(toJsonLine(report));
      else if (report.answer !== null) terminal.write(conclude(report.answer, report.right));
      if (report.problem !== null && !report.interrupted) complain(program, report.problem);
      return report.right ? 0 : 1;
    },
  });
}

/** All that is known at the end, as `--json` prints it. */
async function work(
  { text }: Options,
  run: { readonly chosen: ChosenModel; readonly log: TicketLog | undefined; readonly signal: AbortSignal },
) {
  const { chosen, log, signal } = run;
  const { model, isSimulated } = chosen;
  const counter = new TallyCounter();
  const onEvent = (event: AgentwerkEvent): void => {
    counter.add(event);
    if (log !== undefined) tell(log, event);
  };
  const startedAt = performance.now();
  let answer: Answer | undefined;
  let problem: string | undefined;
  try {
    answer = await askForLetter(text, { model, onEvent, signal });
  } catch (error) {
    if (!AgentwerkError.isInstance(error)) throw error;
    problem = describeProblem(error, chosen);
  }
  const { cost, ...tally } = counter.tally;
  return {
    text,
    model: model.name,
    simulated: isSimulated,
    answer: answer ?? null,
    right: answer !== undefined && isRight(answer, text),
    problem: problem ?? null,
    interrupted: signal.aborted,
    ...tally,
    cost: cost ?? null,
    durationMs: Math.round(performance.now() - startedAt),
  };
}

function describeProblem(error: AgentwerkError, { advice }: ChosenModel): string {
  const failure = error instanceof TicketError ? error.failure : undefined;
  return failure?.reason === "request_failed" ? `${failure.message} ${advice}` : toErrorMessage(error);
}

function tell(log: TicketLog, event: AgentwerkEvent): void {
  const detail = describeRecovery(event) ?? describeDetail(event) ?? ("tool" in event ? event.tool : "");
  log.tell(markOf(event), event.ticket ?? "", `${event.type.padEnd(18)}  ${detail}`.trimEnd());
}

function markOf(event: AgentwerkEvent): Mark {
  if (event.type === "ticket_done") return "✓";
  if (event.type === "ticket_failed") return "✗";
  return describeRecovery(event) === undefined ? "·" : "!";
}

function conclude({ letter, count: times }: Answer, isTrue: boolean): string {
  return `${sanitizeLine(letter)}, ${count(times, "time")}: ${isTrue ? "right" : "wrong"}\n`;
}
