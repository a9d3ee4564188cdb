import { defineTool, type JsonSchemaObject, type Tool } from "@agentwerk/core";

/** A ticket of every benchmark: the model asks one tool, reads its answer and writes the result. Two turns, one tool call. */
export const role =
  "You look things up. Ask the lookup tool for what you need to know, and answer with what it says.";

export function taskOf(number: number): string {
  return `Look up item ${number} and report what it holds.`;
}

export const lookupName = "lookup";
export const lookupDescription = "Looks an item up by its number and answers with its entry.";
export const lookupSchema: JsonSchemaObject = {
  type: "object",
  properties: { id: { type: "string", description: "The number of the item." } },
  required: ["id"],
  additionalProperties: false,
};

export function lookup(id: string): string {
  return `Item ${id}: in stock, third shelf, last counted on Monday.`;
}

export function lookupTool(): Tool {
  return defineTool({
    name: lookupName,
    description: lookupDescription,
    input: lookupSchema,
    readOnly: true,
    run: (input) => lookup((input as { readonly id: string }).id),
  });
}

export const resultSchema: JsonSchemaObject = {
  type: "object",
  properties: { entry: { type: "string", description: "What the item holds." } },
  required: ["entry"],
  additionalProperties: false,
};
export const resultDescription =
  "Finishes the ticket with its result. Call it once, when the work is done: the result is checked against the schema of the arguments, and a result that does not fit comes back with what to mend. Nothing runs after it.";

export const spokenText =
  "I will look this item up in the inventory first, because the answer has to be what stands there and not what I remember of it.";
