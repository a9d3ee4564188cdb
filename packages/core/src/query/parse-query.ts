import { QuerySyntaxError } from "./query-syntax-error.ts";
import { readValue, valueForms } from "./read-value.ts";
import {
  type Comparison,
  type Condition,
  type QueryField,
  type QueryOrder,
  type QueryValue,
  queryFields,
  type TicketQuery,
} from "./ticket-query.ts";
import { type Token, tokenizeQuery } from "./tokenize-query.ts";

const comparisons: ReadonlySet<string> = new Set(["=", "!=", "<", "<=", ">", ">=", "~", "!~"]);
const keywords: ReadonlySet<string> = new Set([
  "AND",
  "OR",
  "NOT",
  "IN",
  "IS",
  "EMPTY",
  "ORDER",
  "BY",
  "ASC",
  "DESC",
  "LIMIT",
]);

/** Conditions within conditions that are read; more would only be there to exhaust the stack. */
const deepest = 100;

/**
 * Reads a query: `label = scan AND status IN (failed, cancelled) AND created > -2d ORDER BY priority DESC LIMIT 20`.
 * Keywords in any case; a bare word is a label, a bare `TICKET-3` a key.
 * @throws QuerySyntaxError pointing at the column and saying what was expected.
 */
export function parseQuery(query: string, options: { readonly now?: number } = {}): TicketQuery {
  return new Parser(query, options.now ?? Date.now()).parse();
}

class Parser {
  readonly #query: string;
  readonly #now: number;
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(query: string, now: number) {
    this.#query = query;
    this.#now = now;
    this.#tokens = tokenizeQuery(query);
  }

  parse(): TicketQuery {
    const isBare = this.#isEnd() || this.#isKeyword("ORDER") || this.#isKeyword("LIMIT");
    const where = isBare ? undefined : this.#or();
    const orderBy = this.#takeKeyword("ORDER") ? this.#orderBy() : [];
    const limit = this.#takeKeyword("LIMIT") ? this.#limit() : undefined;
    if (!this.#isEnd()) this.#expect(where === undefined ? "the end" : "AND, OR, ORDER BY, LIMIT or the end");
    return { where, orderBy, limit };
  }

  #or(): Condition {
    const conditions = [this.#and()];
    while (this.#takeKeyword("OR")) conditions.push(this.#and());
    return conditions.length === 1 ? first(conditions) : { kind: "or", conditions };
  }

  #and(): Condition {
    const conditions = [this.#not()];
    while (this.#takeKeyword("AND")) conditions.push(this.#not());
    return conditions.length === 1 ? first(conditions) : { kind: "and", conditions };
  }

  #not(): Condition {
    if (++this.#depth > deepest) this.#expect(`at most ${deepest} conditions within each other`);
    const condition: Condition = this.#takeKeyword("NOT")
      ? { kind: "not", condition: this.#not() }
      : this.#primary();
    this.#depth--;
    return condition;
  }

  #primary(): Condition {
    if (this.#takeSymbol("(")) {
      const condition = this.#or();
      if (!this.#takeSymbol(")")) this.#expect('AND, OR or ")"');
      return condition;
    }
    const token = this.#peek();
    const isName = token.kind === "word" && !keywords.has(token.text.toUpperCase());
    if (!isName && token.kind !== "string") this.#expect('a field, a label, a ticket key, NOT or "("');
    this.#index++;
    if (token.kind === "word" && this.#beginsTest()) return this.#test(token);
    return bare(token);
  }

  /** Whether what follows a word makes it a field. */
  #beginsTest(): boolean {
    const { kind, text } = this.#peek();
    if (kind === "symbol") return comparisons.has(text);
    return kind === "word" && (this.#isKeyword("IN") || this.#isKeyword("IS") || this.#isKeyword("NOT"));
  }

  #test(token: Token): Condition {
    const field = this.#field(token);
    if (this.#takeKeyword("IS")) {
      const isNegated = this.#takeKeyword("NOT");
      if (!this.#takeKeyword("EMPTY")) this.#expect(isNegated ? "EMPTY" : "EMPTY or NOT EMPTY");
      return negated({ kind: "empty", field }, isNegated);
    }
    const isNegated = this.#takeKeyword("NOT");
    if (this.#takeKeyword("IN")) return negated({ kind: "in", field, values: this.#list(field) }, isNegated);
    if (isNegated) this.#expect("IN");
    const comparison = this.#comparison(field);
    return { kind: "compare", field, comparison, value: this.#value(field) };
  }

  #field({ text, at }: Token): QueryField {
    const name = text.toLowerCase();
    if (Object.hasOwn(queryFields, name)) return name as QueryField;
    this.#index--;
    return this.#expect(`a field (${Object.keys(queryFields).join(", ")})`, at);
  }

  #comparison(field: QueryField): Comparison {
    const token = this.#next();
    const kind = queryFields[field];
    const ordered = kind === "number" || kind === "time" || kind === "key";
    const allowed = kind === "content" ? ["=", "!=", "~", "!~"] : ["=", "!="];
    if (kind === "text" || kind === "label") allowed.push("~", "!~");
    if (ordered) allowed.push("<", "<=", ">", ">=");
    if (allowed.includes(token.text)) return token.text as Comparison;
    return this.#expect(`${allowed.join(" ")} for ${field}`, token.at);
  }

  #list(field: QueryField): readonly QueryValue[] {
    if (!this.#takeSymbol("(")) this.#expect('"("');
    const values = [this.#value(field)];
    while (this.#takeSymbol(",")) values.push(this.#value(field));
    if (!this.#takeSymbol(")")) this.#expect('"," or ")"');
    return values;
  }

  #value(field: QueryField): QueryValue {
    const kind = queryFields[field];
    const token = this.#next();
    const value =
      token.kind === "word" || token.kind === "string" ? readValue(token, kind, this.#now) : undefined;
    return value ?? this.#expect(valueForms[kind], token.at);
  }

  #orderBy(): readonly QueryOrder[] {
    if (!this.#takeKeyword("BY")) this.#expect("BY");
    const orders: QueryOrder[] = [];
    do {
      const token = this.#next();
      const field = this.#field(token);
      if (["label", "content", "boolean"].includes(queryFields[field])) {
        this.#expect("a field with one value that can be ordered", token.at);
      }
      const descending = this.#takeKeyword("DESC");
      if (!descending) this.#takeKeyword("ASC");
      orders.push({ field, descending });
    } while (this.#takeSymbol(","));
    return orders;
  }

  #limit(): number {
    const token = this.#next();
    const limit = /^[1-9]\d{0,8}$/.test(token.text) ? Number(token.text) : undefined;
    return limit ?? this.#expect("a whole number from 1", token.at);
  }

  #peek(): Token {
    return this.#tokens[this.#index] ?? { kind: "end", text: "", at: this.#query.length };
  }

  #next(): Token {
    const token = this.#peek();
    this.#index++;
    return token;
  }

  #isEnd(): boolean {
    return this.#peek().kind === "end";
  }

  #isKeyword(keyword: string): boolean {
    const { kind, text } = this.#peek();
    return kind === "word" && text.toUpperCase() === keyword;
  }

  #takeKeyword(keyword: string): boolean {
    const found = this.#isKeyword(keyword);
    if (found) this.#index++;
    return found;
  }

  #takeSymbol(symbol: string): boolean {
    const { kind, text } = this.#peek();
    const found = kind === "symbol" && text === symbol;
    if (found) this.#index++;
    return found;
  }

  #expect(expected: string, at: number = this.#peek().at): never {
    throw new QuerySyntaxError({ query: this.#query, at, expected });
  }
}

function bare(token: Token): Condition {
  const isKey = token.kind === "word" && /^TICKET-[1-9]\d*$/.test(token.text);
  const field = isKey ? "key" : "label";
  const value = isKey ? Number(token.text.slice("TICKET-".length)) : token.text;
  return { kind: "compare", field, comparison: "=", value };
}

function negated(condition: Condition, isNegated: boolean): Condition {
  return isNegated ? { kind: "not", condition } : condition;
}

function first<Item>(items: readonly Item[]): Item {
  return items[0] as Item;
}
