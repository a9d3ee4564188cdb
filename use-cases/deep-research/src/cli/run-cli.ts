import { join } from "node:path";
import { AgentwerkError, type AgentwerkEvent, toErrorMessage } from "@agentwerk/core";
import { braveSearch } from "@agentwerk/tools-web";
import {
  type ChosenModel,
  chooseModel,
  complain,
  count,
  formatCost,
  makeWritableFolder,
  openTerminal,
  runCommandLine,
  runInterruptible,
  sanitize,
  TallyCounter,
  toJsonLine,
  UsageError,
  writeWhole,
} from "@agentwerk/use-cases-shared";
import { corpusSearch } from "../corpus/corpus-search.ts";
import { serveCorpus } from "../corpus/serve-corpus.ts";
import { corpusFolder } from "../corpus-folder.ts";
import { simulatedModel } from "../model/simulated-model.ts";
import type { Report } from "../report/report.ts";
import { toHtml } from "../report/to-html.ts";
import { type JsonReport, toJson } from "../report/to-json.ts";
import { toMarkdown } from "../report/to-markdown.ts";
import { research } from "../research/research.ts";
import type { Web } from "../research/team.ts";
import { Progress } from "../show/progress.ts";
import { type Options, parseOptions, usage } from "./parse-options.ts";

const program = "deep-research";

/** Runs a command line; resolves with the exit code: 0 a complete report, 1 not, 2 a wrong option, 130 interrupted, 143 terminated. */
export function runCli(argv: readonly string[]): Promise<number> {
  return runCommandLine({
    program,
    usage,
    parse: () => parseOptions(argv),
    run: runResearch,
  });
}

/** What a small model takes, so that `--max-cost` has something to count. */
const simulatedPrice = { input: 0.25, output: 2 };

async function runResearch(options: Options): Promise<number> {
  if (options.output !== undefined) await makeWritableFolder(options.output, "--output");
  // The report is what is piped on, so the progress goes elsewhere.
  const progress = options.json ? undefined : new Progress(openTerminal(process.stderr));
  return runInterruptible({
    onInterrupt: () => progress?.line("yellow", "Interrupted: ending in order …"),
    open: () =>
      chooseModel({
        env: process.env,
        name: options.model,
        simulator: { respond: simulatedModel, price: simulatedPrice },
      }),
    stop: () => progress?.stop(),
    async work(chosen, { signal }) {
      await using place = await openWeb(options, chosen);
      progress?.line("bold", options.question);
      progress?.line("dim", `${chosen.description} ${place.description}`);
      const done = await work(options, { chosen, web: place.web, progress, signal });
      await deliver(options, done);
      progress?.line("dim", summarize(done.json));
      // That it was interrupted stands in the report.
      return signal.aborted ? 1 : conclude(done.report);
    },
  });
}

interface Done {
  readonly report: Report;
  readonly json: JsonReport;
}

async function work(
  options: Options,
  run: {
    readonly chosen: ChosenModel;
    readonly web: Web;
    readonly progress: Progress | undefined;
    readonly signal: AbortSignal;
  },
): Promise<Done> {
  const { chosen, web, progress, signal } = run;
  const counter = new TallyCounter();
  const startedAt = performance.now();
  progress?.start();
  const report = await research({
    ...options,
    model: chosen.model,
    web,
    signal,
    onPlanned: (angles) => progress?.plan(angles),
    onEvent: (event: AgentwerkEvent) => {
      counter.add(event);
      progress?.add(event);
    },
  });
  progress?.stop();
  const durationMs = performance.now() - startedAt;
  return {
    report,
    json: toJson(report, { tally: counter.tally, isSimulated: chosen.isSimulated, durationMs }),
  };
}

async function deliver({ output, json: wantsJson }: Options, { report, json }: Done): Promise<void> {
  const files = output === undefined ? undefined : await writeFiles(output, report, json);
  if (wantsJson) process.stdout.write(toJsonLine(json));
  else process.stdout.write(files === undefined ? sanitize(toMarkdown(report)) : `${files}\n`);
}

function conclude({ incompleteBecause }: Report): number {
  if (incompleteBecause === undefined) return 0;
  complain(program, `the report is incomplete: ${incompleteBecause}.`);
  return 1;
}

interface Place extends AsyncDisposable {
  readonly web: Web;
  readonly description: string;
}

/** The web, or the enclosed pages: when they are asked for, and with the simulated model, which knows no other. */
async function openWeb({ offline }: Options, chosen: ChosenModel): Promise<Place> {
  if (!offline && !chosen.isSimulated) {
    if ((process.env.BRAVE_API_KEY ?? "").trim() === "") {
      throw new AgentwerkError({
        code: "invalid_input",
        field: "BRAVE_API_KEY",
        message:
          "BRAVE_API_KEY is not set; set it to search the web, or use --offline for the enclosed pages.",
      });
    }
    return {
      web: { search: braveSearch(), allowHosts: [] },
      description: "It searches the web with Brave.",
      [Symbol.asyncDispose]: async () => {},
    };
  }
  const corpus = await serveCorpus(corpusFolder);
  return {
    web: { search: corpusSearch(corpus.url), allowHosts: [corpus.host] },
    description: `It searches the enclosed pages, served on ${corpus.host}.`,
    [Symbol.asyncDispose]: () => corpus[Symbol.asyncDispose](),
  };
}

async function writeFiles(folder: string, report: Report, json: JsonReport): Promise<string> {
  const markdown = toMarkdown(report);
  const files = [
    { path: join(folder, "report.md"), text: markdown },
    { path: join(folder, "report.html"), text: toHtml(report) },
    { path: join(folder, "report.json"), text: `${JSON.stringify(json, null, 2)}\n` },
  ];
  try {
    await writeWhole(files);
  } catch (error) {
    // It was paid for, so it is shown rather than lost.
    process.stdout.write(sanitize(markdown));
    throw new UsageError(`The report cannot be written: ${toErrorMessage(error)}`, { cause: error });
  }
  return files.map(({ path }) => path).join("\n");
}

function summarize({ findings, sources, evidence, requests, corrections, cost }: JsonReport): string {
  const parts = [
    `${count(findings.length, "finding")} from ${count(sources.length, "source")}`,
    `${evidence.refused} of the citations sent back`,
    count(requests, "request"),
    count(corrections, "correction"),
    ...(cost === null ? [] : [formatCost(cost)]),
  ];
  return parts.join(", ");
}
