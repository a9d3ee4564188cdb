import type { AgentDefinition, AgentOptions } from "../agent/agent-definition.ts";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Plugin } from "../plugin/plugin.ts";
import { checkPolicy, type Policy } from "../policy/policy.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import type { Clock } from "../util/clock.ts";
import { type Duration, toMilliseconds } from "../util/duration.ts";
import { refuseUnknownOptions } from "../util/refuse-unknown-options.ts";
import type { TaskOptions } from "./task-options.ts";
import type { TicketHandle } from "./ticket-handle.ts";

/** An `Agent`, or the options of one. */
export type AgentLike = { readonly definition: AgentDefinition } | AgentOptions;

export interface TicketSystemOptions {
  /** Where the SQLite database, the readable logs and long outputs go; without it and without `store`, all is in memory. */
  readonly dir?: string | undefined;
  /** A store of your own, or a URL that one of the plugins opens. */
  readonly store?: TicketStore | string | undefined;
  /** One project or tenant within a store; `default` unless given. */
  readonly namespace?: string | undefined;
  readonly agents?: readonly AgentLike[] | undefined;
  /** Limits of each run; an agent's own limits go first for its tickets. */
  readonly policy?: Policy | undefined;
  readonly plugins?: readonly Plugin[] | undefined;
  /** How long a crashed worker's ticket stays with it; `30s` unless given. Live workers renew in time. */
  readonly leaseDuration?: Duration | undefined;
  /** Names this process in leases and events; host, process id and a random part unless given. */
  readonly worker?: string | undefined;
  /** The seam for time; tests put a fake clock here. */
  readonly clock?: Clock | undefined;
  /** The seam for chance, from 0 to 1; used for jitter. */
  readonly random?: (() => number) | undefined;
}

export interface RunOptions {
  /** Stops the run at once: requests and tools in hand are aborted, their tickets go back to the queue. */
  readonly signal?: AbortSignal | undefined;
}

export interface RetryOptions {
  /** Tells the agent what to do otherwise. */
  readonly note?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  /**
   * Works the ticket from now on instead of its agent's model: `anthropic:claude-sonnet-4-5`, by a plugin's provider, or
   * the model of an agent by its name.
   */
  readonly model?: string | undefined;
}

/** Files tickets of one label, typed by the label's contract. */
export interface LabelContract<Input, Result> {
  readonly label: string;
  task(task: Input, options?: Omit<TaskOptions, "schema">): Promise<TicketHandle<Result>>;
}

const known: ReadonlySet<string> = new Set([
  "dir",
  "store",
  "namespace",
  "agents",
  "policy",
  "plugins",
  "leaseDuration",
  "worker",
  "clock",
  "random",
]);

/** @throws AgentwerkError `invalid_input` for an option or a limit that does not exist or does not fit. */
export function checkSystemOptions(options: TicketSystemOptions): void {
  refuseUnknownOptions(options, { known, of: "TicketSystem" });
  checkPolicy(options.policy ?? {});
  const { leaseDuration } = options;
  if (leaseDuration === undefined || toMilliseconds(leaseDuration, "leaseDuration") > 0) return;
  const message =
    "leaseDuration is 0; give the time after which a crashed worker's ticket goes to another, such as 30s.";
  throw new AgentwerkError({ code: "invalid_input", field: "leaseDuration", message });
}
