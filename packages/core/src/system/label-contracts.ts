import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { formatIssues, type Schema } from "../schema/schema.ts";
import type { TicketUpdate } from "../store/ticket-store.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { TicketDraft } from "../ticket/ticket-draft.ts";
import { type JsonValue, parseJson } from "../util/json.ts";

/** What every ticket with a label has to look like. */
export interface LabelSchemas {
  /** Checks the task. */
  readonly input: Schema | undefined;
  /** Becomes the ticket's result schema. */
  readonly result: Schema | undefined;
}

/** The contracts of a system's labels; every way by which a ticket can get a label leads through here. */
export class LabelContracts {
  readonly #schemas = new Map<string, LabelSchemas>();

  /** @throws AgentwerkError `conflict` when the label has a contract already. */
  define(label: string, schemas: LabelSchemas): void {
    if (label.trim() === "") throw refusal("label", "label is empty; a contract needs a label.");
    if (this.#schemas.has(label)) {
      const message = `The label ${label} has a contract already; change that one.`;
      throw new AgentwerkError({ code: "conflict", field: "label", message });
    }
    this.#schemas.set(label, schemas);
  }

  /** The user's own result schema of a ticket with these labels. */
  resultSchema(labels: readonly string[]): Schema | undefined {
    if (this.#schemas.size === 0) return undefined;
    for (const label of labels) {
      const result = this.#schemas.get(label)?.result;
      if (result !== undefined) return result;
    }
    return undefined;
  }

  /**
   * Checks drafts, and gives them the result schemas of their labels.
   * @throws AgentwerkError `invalid_input` naming the label and what does not fit.
   */
  async admit(drafts: readonly TicketDraft[]): Promise<readonly TicketDraft[]> {
    if (this.#schemas.size === 0) return drafts;
    return Promise.all(drafts.map((draft) => this.#admitOne(draft)));
  }

  /** Checks what an edit or a retry would make of a ticket. */
  async admitUpdate(ticket: Ticket | undefined, update: TicketUpdate): Promise<TicketUpdate> {
    if (this.#schemas.size === 0 || ticket === undefined) return update;
    if (update.type !== "edit" && update.type !== "retry") return update;
    const labels = update.labels ?? ticket.labels;
    const task = update.type === "edit" ? (update.task ?? ticket.task) : ticket.task;
    const admitted = await this.#admitOne({ task, labels });
    if (update.type === "edit") {
      const { schema = admitted.schema } = update;
      return { ...update, ...(schema && { schema }), ...(admitted.task !== task && { task: admitted.task }) };
    }
    // A retry leaves the task as it is.
    if (admitted.task !== task)
      throw misfit(labels.join(", "), "- it is text, where the contract wants JSON");
    return update;
  }

  async #admitOne(draft: TicketDraft): Promise<TicketDraft> {
    let admitted = draft;
    for (const label of new Set(draft.labels)) {
      const schemas = this.#schemas.get(label);
      if (schemas === undefined) continue;
      const task = await taskBy(schemas.input, { task: admitted.task, label });
      admitted = withResultSchema({ ...admitted, task }, { label, result: schemas.result });
    }
    return admitted;
  }
}

/**
 * The task as the contract wants it. Agents and command lines write text: where the contract wants something else, JSON
 * in it is read.
 */
async function taskBy(
  input: Schema | undefined,
  { task, label }: { readonly task: JsonValue; readonly label: string },
): Promise<JsonValue> {
  const parsed = await input?.parse(task);
  if (input === undefined || parsed?.ok !== false) return task;
  const issues = formatIssues(parsed.issues);
  const read = typeof task === "string" ? parseJson(task) : undefined;
  if (read === undefined) {
    const hint = typeof task === "string" ? "\nIt is taken as text; as JSON it would be read." : "";
    throw misfit(label, `${issues}${hint}`);
  }
  const again = await input.parse(read);
  if (!again.ok) throw misfit(label, formatIssues(again.issues));
  return read;
}

function misfit(label: string, issues: string): AgentwerkError {
  return refusal("task", `The task does not fit the contract of the label ${label}:\n${issues}`);
}

function withResultSchema(
  draft: TicketDraft,
  { label, result }: { readonly label: string; readonly result: Schema | undefined },
): TicketDraft {
  if (result === undefined) return draft;
  if (draft.schema === undefined) return { ...draft, schema: result.json };
  if (JSON.stringify(draft.schema) === JSON.stringify(result.json)) return draft;
  throw refusal(
    "schema",
    `schema differs from the contract of the label ${label}; leave it out, or use another label.`,
  );
}

function refusal(field: string, message: string): AgentwerkError {
  return new AgentwerkError({ code: "invalid_input", field, message });
}
