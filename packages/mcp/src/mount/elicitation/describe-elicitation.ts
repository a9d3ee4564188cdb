import type { ElicitRequestParams } from "@modelcontextprotocol/client";
import { cleanLine, cleanText } from "../tools/clean-text.ts";
import { type ElicitationField, readFields } from "./elicitation-fields.ts";

const longestMessage = 2_000;

/** The question that a person reads: who asks, what for, and how to answer. The same request gives the same text. */
export function describeElicitation(server: string, params: ElicitRequestParams): string {
  const message = cleanText(params.message, longestMessage);
  if (params.mode === "url") return describeUrl(server, { message, url: params.url });
  const fields = readFields(params.requestedSchema);
  return [
    `The MCP server ${JSON.stringify(server)} asks: ${message}`,
    ...fields.map(describeField),
    howToAnswer(fields),
  ].join("\n");
}

/** Nothing is opened here: a person sees the whole address and its host, and decides. */
function describeUrl(
  server: string,
  { message, url }: { readonly message: string; readonly url: string },
): string {
  const shown = cleanLine(url, longestMessage);
  const host = URL.canParse(url) ? new URL(url).host : "unknown";
  return [
    `The MCP server ${JSON.stringify(server)} asks you to open a page: ${message}`,
    `Host: ${host}`,
    `Address: ${shown}`,
    `Open it yourself if you trust the host, then answer "done"; or answer "decline" or "cancel".`,
  ].join("\n");
}

function describeField(field: ElicitationField): string {
  const { name, title, description, required } = field;
  const facts = [
    describeKind(field),
    required ? "required" : "optional",
    ...(field.default === undefined ? [] : [`default ${JSON.stringify(field.default)}`]),
  ];
  const about = [title, description].filter((text) => text !== undefined && text !== "").join(": ");
  return `- ${cleanLine(name, 100)} (${facts.join(", ")})${about === "" ? "" : `: ${cleanLine(about, 500)}`}`;
}

function describeKind(field: ElicitationField): string {
  if (field.choices.length === 0)
    return field.format === undefined ? field.kind : `${field.kind}, ${field.format}`;
  const choices = field.choices.map(({ value, title }) =>
    title === undefined || title === value
      ? cleanLine(value, 100)
      : `${cleanLine(value, 100)} = ${cleanLine(title, 100)}`,
  );
  return `${field.kind === "list" ? "any of" : "one of"} ${choices.join(" | ")}`;
}

function howToAnswer(fields: readonly ElicitationField[]): string {
  const end = `or "decline" or "cancel".`;
  if (fields.length === 0) return `Answer "accept", ${end}`;
  if (fields.length === 1) return `Answer with the value, ${end}`;
  return `Answer with one line "name: value" for each, or with a JSON object, ${end}`;
}
