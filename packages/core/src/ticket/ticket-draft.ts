import type { JsonSchema } from "../schema/json-schema.ts";
import type { JsonValue } from "../util/json.ts";
import type { Budget } from "./budget.ts";
import type { BlockerPolicy } from "./ticket.ts";

/** A ticket that is not yet in a store: checked, plain JSON, defaults applied by the store. */
export interface TicketDraft {
  /** A name by which other drafts of the same insert mean this one; not of the form of a key, and not kept. */
  readonly ref?: string | undefined;
  readonly task: JsonValue;
  readonly labels?: readonly string[] | undefined;
  readonly schema?: JsonSchema | undefined;
  readonly priority?: number | undefined;
  readonly notBefore?: number | undefined;
  /** Keys of tickets, or the `ref` of drafts of the same insert. */
  readonly blockedBy?: readonly string[] | undefined;
  readonly onBlockerFailed?: BlockerPolicy | undefined;
  /** A key, or the `ref` of a draft of the same insert. */
  readonly parent?: string | undefined;
  /** What the ticket and all its descendants may spend. */
  readonly budget?: Budget | undefined;
  readonly reporter?: string | undefined;
  readonly templateVariables?: Readonly<Record<string, string>> | undefined;
  readonly idempotencyKey?: string | undefined;
}
