import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { formatIssues, type Schema } from "../schema/schema.ts";
import type { TicketUpdate } from "../store/ticket-store.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { TicketDraft } from "../ticket/ticket-draft.ts";

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
    const { schema } = await this.#admitOne({ task, labels });
    return update.type === "edit" && update.schema === undefined && schema !== undefined
      ? { ...update, schema }
      : update;
  }

  async #admitOne(draft: TicketDraft): Promise<TicketDraft> {
    let admitted = draft;
    for (const label of new Set(draft.labels)) {
      const schemas = this.#schemas.get(label);
      if (schemas === undefined) continue;
      const parsed = await schemas.input?.parse(draft.task);
      if (parsed?.ok === false) {
        const issues = formatIssues(parsed.issues);
        throw refusal("task", `The task does not fit the contract of the label ${label}:\n${issues}`);
      }
      admitted = withResultSchema(admitted, { label, result: schemas.result });
    }
    return admitted;
  }
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
