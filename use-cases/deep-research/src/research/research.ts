import {
  type AgentwerkEvent,
  type Model,
  type PolicyViolation,
  type Ticket,
  TicketError,
  TicketSystem,
} from "@agentwerk/core";
import { watchForFailedRequest, workEvents } from "@agentwerk/use-cases-shared";
import { collectReads } from "../evidence/collect-reads.ts";
import { ReadPages } from "../evidence/read-pages.ts";
import { prompts } from "../prompts.ts";
import type { Report } from "../report/report.ts";
import { assembleFindings } from "./assemble-findings.ts";
import { type DraftReport, draftSchema } from "./draft-report.ts";
import { type Findings, type FindingsOptions, findingsSchema } from "./findings.ts";
import { type Angle, planSchema } from "./plan.ts";
import { addTeam, labels, type Web } from "./team.ts";

export interface ResearchOptions {
  readonly question: string;
  readonly model: Model;
  readonly web: Web;
  /** Angles at most. */
  readonly angles: number;
  /** How many researchers an angle may go through, each handing a further question to the next. */
  readonly depth: number;
  readonly concurrency: number;
  /** US dollars. */
  readonly maxCost: number | undefined;
  readonly maxTimeMs: number | undefined;
  readonly signal: AbortSignal;
  readonly onEvent: (event: AgentwerkEvent) => void;
  /** Titles of the angles, by ticket. */
  readonly onPlanned: (angles: ReadonlyMap<string, string>) => void;
}

const shownEvents = ["ticket_created", ...workEvents] as const;

/**
 * Plans, researches and writes, as tickets of three labels in one run, so that its limits hold over all of it. What is cut
 * short is reported as far as it came.
 * @throws AgentwerkError when a limit is refused or the store fails.
 */
export async function research(options: ResearchOptions): Promise<Report> {
  const { question, model, maxCost, maxTimeMs, signal, onEvent } = options;
  const policy = {
    ...(maxCost === undefined ? {} : { maxCost }),
    ...(maxTimeMs === undefined ? {} : { maxTime: maxTimeMs }),
  };
  await using tickets = new TicketSystem({ policy });
  const pages = new ReadPages();
  const refused = new Set<string>();
  addTeam(tickets, { ...options, pages });
  for (const type of shownEvents) tickets.on(type, onEvent);
  const failedRequest = watchForFailedRequest(tickets);
  const onRefused: FindingsOptions["onRefused"] = ({ url, quote }) => refused.add(`${url}\n${quote}`);
  tickets.contract(labels.research, { result: findingsSchema({ pages, onRefused }) });

  const run = tickets.run({ signal: AbortSignal.any([signal, failedRequest.signal]) });
  // Told where the run is waited for, at the end.
  run.catch(() => {});
  const work = await workStages(tickets, options);
  tickets.stop();
  const { violation } = await run;
  const read = await collectReads(tickets);
  const researched = await finishedResearch(tickets, work.angles);
  const { findings, sources, dropped } = assembleFindings(researched, read);
  return {
    question,
    incompleteBecause:
      work.draft === undefined
        ? explain(work.problem, { violation, signal })
        : await describeFailed(tickets, work.angles),
    draft: work.draft,
    angles: [...work.angles.values()],
    findings,
    sources,
    evidence: { pagesRead: read.size, refused: refused.size, dropped },
    date: new Date().toISOString().slice(0, 10),
    model: model.name,
  };
}

interface Work {
  /** Titles, by ticket; follow-ups have those of the tickets they came from. */
  readonly angles: Map<string, string>;
  draft: DraftReport | undefined;
  problem: string | undefined;
}

/** One stage after the other; one that cannot go on ends it, and what was done stays. */
async function workStages(tickets: TicketSystem, options: ResearchOptions): Promise<Work> {
  const work: Work = { angles: new Map(), draft: undefined, problem: undefined };
  try {
    const angles = await plan(tickets, options);
    await workAngles(tickets, { angles, options, work });
    const researched = await finishedResearch(tickets, work.angles);
    const { findings } = assembleFindings(researched, await collectReads(tickets));
    if (findings.length === 0) work.problem = "no page that was read says anything about it";
    else work.draft = await write(tickets, { findings, options });
  } catch (error) {
    // A run that failed itself is told by the run.
    if (!TicketError.isInstance(error)) throw error;
    work.problem = error.message;
  }
  return work;
}

async function plan(tickets: TicketSystem, { question, angles }: ResearchOptions): Promise<readonly Angle[]> {
  const handle = await tickets.task(prompts["plan-task"], {
    labels: [labels.plan],
    schema: planSchema(angles),
    templateVariables: { question, angles: String(angles) },
  });
  return (await handle.result()).angles;
}

/** All angles at once; done when they and everything that they handed over are final. */
async function workAngles(
  tickets: TicketSystem,
  stage: { readonly angles: readonly Angle[]; readonly options: ResearchOptions; readonly work: Work },
): Promise<void> {
  const { angles, options, work } = stage;
  const handles = await tickets.tasks(
    angles.map(({ question, queries }, index) => ({
      task: prompts["research-task"],
      labels: [labels.research],
      templateVariables: {
        question: options.question,
        number: String(index + 1),
        angles: String(angles.length),
        angle: question,
        queries: queries.map((query) => `- ${query}`).join("\n"),
      },
    })),
  );
  for (const [index, { key }] of handles.entries()) work.angles.set(key, angles[index]?.title ?? key);
  options.onPlanned(work.angles);
  for (;;) {
    const open = await tickets.find(`${labels.research} AND status IN (todo, in_progress, waiting)`);
    if (open.length === 0) return;
    for (const { key } of open) await (await tickets.ticket(key)).finished();
  }
}

async function write(
  tickets: TicketSystem,
  { findings, options }: { readonly findings: Report["findings"]; readonly options: ResearchOptions },
): Promise<DraftReport> {
  const handle = await tickets.task(
    {
      question: options.question,
      findings: findings.map(({ number, angle, claim, quote, url }) => ({
        number,
        angle,
        claim,
        source: url,
        quote,
      })),
    },
    { labels: [labels.report], schema: draftSchema(findings) },
  );
  return handle.result();
}

/** The results of research tickets that are done, each with the title of its angle. */
async function finishedResearch(
  tickets: TicketSystem,
  angles: ReadonlyMap<string, string>,
): Promise<readonly (Findings & { readonly angle: string })[]> {
  const done = await tickets.find(`${labels.research} AND status = done`);
  const all = new Map((await tickets.find(labels.research)).map((ticket) => [ticket.key as string, ticket]));
  return done.map((ticket) => ({
    // What passed the contract when it was written.
    ...(ticket.result as unknown as Findings),
    angle: angles.get(rootOf(ticket, all).key) ?? ticket.key,
  }));
}

function rootOf(ticket: Ticket, all: ReadonlyMap<string, Ticket>): Ticket {
  const parent = ticket.parent === undefined ? undefined : all.get(ticket.parent);
  return parent === undefined ? ticket : rootOf(parent, all);
}

/** The angles that came to nothing, when there are any. */
async function describeFailed(
  tickets: TicketSystem,
  angles: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const failed = await tickets.find(`${labels.research} AND status = failed`);
  if (failed.length === 0) return undefined;
  const all = new Map((await tickets.find(labels.research)).map((ticket) => [ticket.key as string, ticket]));
  const parts = failed.map((ticket) => {
    const reason = (ticket.failure?.reason ?? "unknown").replaceAll("_", " ");
    return `"${angles.get(rootOf(ticket, all).key) ?? ticket.key}" (${reason})`;
  });
  return `research failed on ${parts.join(", ")}`;
}

function explain(
  problem: string | undefined,
  { violation, signal }: { readonly violation: PolicyViolation | undefined; readonly signal: AbortSignal },
): string {
  if (signal.aborted) return "it was interrupted";
  if (violation?.limit === "maxCost") return `the limit --max-cost ${violation.maximum} was reached`;
  if (violation?.limit === "maxTime")
    return `the limit --max-time of ${violation.maximum / 1000} s was reached`;
  return problem ?? "it did not come to its end";
}
