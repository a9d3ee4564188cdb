import { AgentwerkError, type KnowledgeDraft } from "@agentwerk/core";
import { longestText } from "./decode-text.ts";
import { oneLine, trimBody } from "./front-matter.ts";

/** A draft as it is kept. */
export interface CheckedDraft {
  readonly slug: string;
  readonly type: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly body: string;
}

const longestDescription = 500;
const mostTags = 50;

/** Lower-case letters, digits and `-`, at most 64, beginning with a letter or digit. */
export function isSlug(slug: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(slug);
}

/** @throws AgentwerkError `invalid_input`, naming the field and the fix. */
export function checkDraft(draft: KnowledgeDraft): CheckedDraft {
  const { slug } = draft;
  if (typeof slug !== "string" || !isSlug(slug)) {
    refuse(
      "slug",
      `is ${JSON.stringify(slug)}; use lower-case letters, digits and -, at most 64${suggestion(slug)}`,
    );
  }
  for (const field of ["description", "body"] as const) {
    if (typeof draft[field] !== "string") refuse(field, "is missing; give text");
  }
  const description = oneLine(draft.description.toWellFormed());
  if (description === "") refuse("description", "is empty; say in one line what the page tells");
  if (description.length > longestDescription) {
    refuse(
      "description",
      `has ${description.length} characters; keep it within ${longestDescription}, the body has room`,
    );
  }
  const body = trimBody(draft.body);
  if (Buffer.byteLength(body) > longestText / 2) refuse("body", "is larger than 512 KiB; split the page");
  const tags = [...new Set((draft.tags ?? []).map((tag) => oneLine(String(tag).toWellFormed())))].filter(
    (tag) => tag !== "",
  );
  if (tags.length > mostTags || tags.some((tag) => tag.length > 64)) {
    refuse("tags", `are too many or too long; at most ${mostTags}, of 64 characters`);
  }
  const type = oneLine((draft.type ?? "").toWellFormed()) || "note";
  if (type.length > 64) refuse("type", "is longer than 64 characters");
  return { slug, type, description, tags, body };
}

function suggestion(slug: unknown): string {
  if (typeof slug !== "string") return "";
  const better = slug
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 64);
  return isSlug(better) ? `, such as ${better}` : "";
}

function refuse(field: string, problem: string): never {
  throw new AgentwerkError({ code: "invalid_input", field, message: `The ${field} of the page ${problem}.` });
}
