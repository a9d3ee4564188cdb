import { resolve } from "node:path";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { Skills } from "../knowledge/skills.ts";
import { checkTicketPolicy, type TicketPolicy } from "../policy/policy.ts";
import type { Model } from "../provider/model.ts";
import type { Tool, ToolSource } from "../tool/tool.ts";
import { describeUnwhole, isWholeText } from "../util/is-whole-text.ts";
import { refuseUnknownOptions } from "../util/refuse-unknown-options.ts";

/** What may be said in other words; a text not given keeps its default. See `directiveDefaults`. */
export interface Directives {
  /** The turn ended without a finishing call. */
  readonly finishMissing: string;
  /** The reply was cut at the limit of output tokens. */
  readonly replyTruncated: string;
  /** A tool call within a reply that was cut. */
  readonly callTruncated: string;
  /** The reply held nothing. */
  readonly replyEmpty: string;
  /** The text answer of an agent without `write_result` did not fit the schema. `{issues}` */
  readonly answerInvalid: string;
  /** The result did not fit the schema. `{issues}` */
  readonly resultInvalid: string;
  /** `{tool}`, `{tools}` */
  readonly toolUnknown: string;
  /** `{tool}`, `{input}` */
  readonly inputMalformed: string;
  /** `{tool}`, `{issues}` */
  readonly inputInvalid: string;
  /** `{tool}`, `{duration}` */
  readonly toolTimedOut: string;
  /** A worker ended in the middle of a call that may have had an effect. `{tool}` */
  readonly callInterrupted: string;
  /** A person did not approve the call. `{tool}`, `{reason}` */
  readonly callRejected: string;
  /** The call came after one that already decided the ticket. */
  readonly callSkipped: string;
  /** `{shown}`, `{total}`, `{path}` */
  readonly outputCut: string;
  /** The system prompt of the request that summarises older messages. */
  readonly summaryRole: string;
  /** What that request asks for, behind the older messages. */
  readonly summaryTask: string;
  /** The same calls brought the same results again. `{count}` */
  readonly callsRepeated: string;
}

export interface AgentOptions {
  /** Also a label that pins tickets to this agent. `agent` unless given; unique within a ticket system. */
  readonly name?: string | undefined;
  /** Takes tickets that carry at least one of them; without labels, tickets that have none. */
  readonly labels?: readonly string[] | undefined;
  readonly model: Model;
  /** Opens the system prompt; `{name}` places are filled from template variables. */
  readonly role: string;
  readonly tools?: readonly (Tool | ToolSource)[] | undefined;
  readonly knowledge?: Knowledge | undefined;
  /** Instructions for kinds of work: names and descriptions stand in the system prompt, the tool `skill` reads the rest. */
  readonly skills?: Skills | undefined;
  /** Files, from `dir`, whose text follows the role in the system prompt, such as `AGENTS.md`. None is read unless named. */
  readonly instructions?: string | readonly string[] | undefined;
  /** Tickets worked at once; 1 unless given. */
  readonly concurrency?: number | undefined;
  /** Talks with a person: a turn that ends with text parks the ticket until somebody replies, instead of being corrected. */
  readonly interactive?: boolean | undefined;
  /** Working directory of tools; that of the process unless given. */
  readonly dir?: string | undefined;
  /** Tighter or looser limits for this agent's tickets; the run's budgets stay the run's. */
  readonly policy?: TicketPolicy | undefined;
  /** Put before the task in the first message instead of the default facts about machine and budgets; `""` for nothing. */
  readonly context?: string | undefined;
  readonly templateVariables?: Readonly<Record<string, string>> | undefined;
  readonly directives?: Partial<Directives> | undefined;
}

/** An agent's options, checked and with defaults. */
export interface AgentDefinition {
  readonly name: string;
  readonly labels: readonly string[];
  readonly model: Model;
  readonly role: string;
  readonly tools: readonly (Tool | ToolSource)[];
  readonly knowledge: Knowledge | undefined;
  readonly skills: Skills | undefined;
  readonly instructions: readonly string[];
  readonly concurrency: number;
  readonly interactive: boolean;
  /** Absolute. */
  readonly dir: string;
  readonly policy: TicketPolicy;
  readonly context: string | undefined;
  readonly templateVariables: Readonly<Record<string, string>>;
  readonly directives: Partial<Directives>;
}

const knownOptions: ReadonlySet<string> = new Set([
  "name",
  "labels",
  "model",
  "role",
  "tools",
  "knowledge",
  "skills",
  "instructions",
  "concurrency",
  "interactive",
  "dir",
  "policy",
  "context",
  "templateVariables",
  "directives",
]);

/** @throws AgentwerkError `invalid_input` naming the field. */
export function defineAgent(options: AgentOptions): AgentDefinition {
  refuseUnknownOptions(options, { known: knownOptions, of: "an agent" });
  checkTicketPolicy(options.policy ?? {});
  const name = options.name ?? "agent";
  const concurrency = options.concurrency ?? 1;
  const labels = options.labels ?? [];
  if (name.trim() === "") refuse("name", "is empty; leave it out or give a word");
  if (typeof options.role !== "string")
    refuse("role", "is missing; say in a sentence who the agent is and what it does");
  if (options.model?.provider === undefined) {
    refuse(
      "model",
      'is missing; for example openai("gpt-5") from @agentwerk/openai, or await modelFromEnv()',
    );
  }
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    refuse("concurrency", `is ${concurrency}; give a whole number from 1`);
  }
  const empty = labels.find((label) => typeof label !== "string" || label.trim() === "");
  if (empty !== undefined) refuse("labels", "holds an empty label; leave it out for tickets without labels");
  if (!isWholeText(name)) refuse("name", `is ${describeUnwhole(name)}`);
  const odd = labels.find((label) => !isWholeText(label));
  if (odd !== undefined) refuse("labels", `holds ${describeUnwhole(odd)}`);
  return {
    name,
    labels: [...new Set(labels)].sort(),
    model: options.model,
    role: options.role,
    tools: withoutClashes(options.tools ?? [], name),
    knowledge: options.knowledge,
    skills: checkSkills(options.skills),
    instructions:
      typeof options.instructions === "string" ? [options.instructions] : (options.instructions ?? []),
    concurrency,
    interactive: options.interactive ?? false,
    dir: resolve(options.dir ?? "."),
    policy: options.policy ?? {},
    context: options.context,
    templateVariables: options.templateVariables ?? {},
    directives: options.directives ?? {},
  };
}

/** The labels by which an agent claims: its own and its name, or none at all. */
export function claimLabels(agent: AgentDefinition): readonly string[] {
  return agent.labels.length === 0 ? ["", agent.name] : [...agent.labels, agent.name];
}

function checkSkills(skills: Skills | undefined): Skills | undefined {
  if (skills === undefined || typeof skills.list === "function") return skills;
  return refuse(
    "skills",
    'is no set of skills; for a folder give markdownSkills("./skills") from @agentwerk/knowledge-markdown',
  );
}

function withoutClashes(
  tools: readonly (Tool | ToolSource)[],
  agent: string,
): readonly (Tool | ToolSource)[] {
  const names = new Set<string>();
  for (const { name } of tools) {
    if (names.has(name))
      refuse("tools", `holds two tools named ${name} on agent ${agent}; a model could not tell them apart`);
    names.add(name);
  }
  return tools;
}

function refuse(field: string, problem: string): never {
  throw new AgentwerkError({
    code: "invalid_input",
    field: `agent.${field}`,
    message: `agent.${field} ${problem}.`,
  });
}
