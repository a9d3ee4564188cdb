import { AgentwerkError } from "../errors/agentwerk-error.ts";

/** A query that cannot be read; points at the place and says what was expected there. */
export class QuerySyntaxError extends AgentwerkError {
  override name = "QuerySyntaxError";
  /** From 1. */
  readonly column: number;
  readonly expected: string;

  constructor(options: { readonly query: string; readonly at: number; readonly expected: string }) {
    const { query, at, expected } = options;
    const line = query.replaceAll(/\s/g, " ");
    super({
      code: "invalid_input",
      field: "query",
      message: `The query cannot be read at column ${at + 1}: expected ${expected}.\n  ${line}\n  ${" ".repeat(at)}^`,
    });
    this.column = at + 1;
    this.expected = expected;
  }
}
