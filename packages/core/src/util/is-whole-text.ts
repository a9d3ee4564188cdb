/**
 * Whether a text can be a name that tickets are looked up by: a label, an agent, a worker, a namespace, an idempotency key.
 * Engines keep names as UTF-8, which has no half surrogate pairs: they would all become the same character, and two names
 * one. PostgreSQL's texts have no character 0, either. What is only stored and read, as JSON, may hold both.
 */
export function isWholeText(text: string): boolean {
  return text.isWellFormed() && !text.includes("\u0000");
}

/** What is wrong with a text that is not whole, for the end of a message. */
export function describeUnwhole(text: string): string {
  return `${JSON.stringify(text)}, which has half of a surrogate pair or the character 0; names are of whole characters`;
}
