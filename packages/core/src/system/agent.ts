import { type AgentDefinition, type AgentOptions, defineAgent } from "../agent/agent-definition.ts";
import type { Policy } from "../policy/policy.ts";
import type { SchemaOutput, SchemaSource } from "../schema/schema.ts";
import { memoryStore } from "../store/memory/memory-store.ts";
import { withWriteResult } from "../tool/write-result.ts";
import type { JsonValue } from "../util/json.ts";
import { TicketSystem } from "./ticket-system.ts";

export interface RunTaskOptions<Source extends SchemaSource = SchemaSource> {
  /** What the result has to look like; types the result. */
  readonly schema?: Source | undefined;
  readonly templateVariables?: Readonly<Record<string, string>> | undefined;
  /** Limits of this run. */
  readonly policy?: Policy | undefined;
  /** Gets the answer's text while the model writes it. */
  readonly onText?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A worker: a model with a role, tools and labels. Give it to a ticket system, or let it `run` a single task. */
export class Agent {
  readonly definition: AgentDefinition;

  /** @throws AgentwerkError `invalid_input` naming the option. */
  constructor(options: AgentOptions) {
    this.definition = defineAgent({ ...options, tools: withWriteResult(options.tools) });
  }

  /** An agent with no tools but those given. Without a finishing tool, its text is the result. */
  static bare(options: AgentOptions): Agent {
    const agent = new Agent(options);
    Object.defineProperty(agent, "definition", { value: defineAgent(options), enumerable: true });
    return agent;
  }

  get name(): string {
    return this.definition.name;
  }

  /**
   * Works one task in memory and resolves with its result.
   * @throws TicketError when the task fails, AgentwerkError when an option is refused, the signal's reason when it aborts.
   */
  async run<const Source extends SchemaSource = never>(
    task: JsonValue,
    options: RunTaskOptions<Source> = {},
  ): Promise<[Source] extends [never] ? JsonValue : SchemaOutput<Source>> {
    const { schema, templateVariables, policy, onText, signal } = options;
    signal?.throwIfAborted();
    await using tickets = new TicketSystem({ store: memoryStore(), policy });
    tickets.agent(this);
    if (onText !== undefined) tickets.on("text_chunk_received", ({ text }) => onText(text));
    const handle = await tickets.task(task, { schema, templateVariables, labels: [this.name] });
    await tickets.runDry({ signal });
    signal?.throwIfAborted();
    const result = await handle.result();
    return result as [Source] extends [never] ? JsonValue : SchemaOutput<Source>;
  }
}
