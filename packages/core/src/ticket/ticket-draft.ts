import type { JsonSchema } from "../schema/json-schema.ts";
import type { JsonValue } from "../util/json.ts";
import type { TicketKey } from "./ticket-key.ts";

/** A ticket that is not yet in a store: checked, plain JSON, defaults applied by the store. */
export interface TicketDraft {
  readonly task: JsonValue;
  readonly labels?: readonly string[] | undefined;
  readonly schema?: JsonSchema | undefined;
  readonly priority?: number | undefined;
  readonly notBefore?: number | undefined;
  readonly blockedBy?: readonly TicketKey[] | undefined;
  readonly parent?: TicketKey | undefined;
  readonly reporter?: string | undefined;
  readonly templateVariables?: Readonly<Record<string, string>> | undefined;
  readonly idempotencyKey?: string | undefined;
}
