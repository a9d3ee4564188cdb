import type { ElicitRequestParams } from "@modelcontextprotocol/client";
import { cleanLine, cleanText } from "../tools/clean-text.ts";
import { type ElicitationField, readFields } from "./elicitation-fields.ts";

const longestMessage = 2_000;
/** Choices of one field that a person is shown. */
const mostChoices = 100;

/** The question that a person reads: who asks, what for, and how to answer. The same request gives the same text. */
export function describeElicitation(server: string, params: ElicitRequestParams): string {
  // In one line, lest it write a host and an address of its own above the true ones.
  if (params.mode === "url")
    return describeUrl(server, { message: cleanLine(params.message, longestMessage), url: params.url });
  const message = cleanText(params.message, longestMessage);
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
    ...(field.default === undefined ? [] : [`default ${cleanLine(JSON.stringify(field.default), 200)}`]),
  ];
  const about = [title, description].filter((text) => text !== undefined && text !== "").join(": ");
  return `- ${cleanLine(name, 100)} (${facts.join(", ")})${about === "" ? "" : `: ${cleanLine(about, 500)}`}`;
}

function describeKind(field: ElicitationField): string {
  if (field.choices.length === 0)
    return field.format === undefined ? field.kind : `${field.kind}, ${cleanLine(field.format, 50)}`;
  const choices = field.choices
    .slice(0, mostChoices)
    .map(({ value, title }) =>
      title === undefined || title === value
        ? cleanLine(value, 100)
        : `${cleanLine(value, 100)} = ${cleanLine(title, 100)}`,
    );
  const left = field.choices.length - choices.length;
  if (left > 0) choices.push(`${left} more that are not shown`);
  return `${field.kind === "list" ? "any of" : "one of"} ${choices.join(" | ")}`;
}

function howToAnswer(fields: readonly ElicitationField[]): string {
  const end = `or "decline" or "cancel".`;
  if (fields.length === 0) return `Answer "accept", ${end}`;
  if (fields.length === 1) return `Answer with the value, ${end}`;
  return `Answer with one line "name: value" for each, or with a JSON object, ${end}`;
}
