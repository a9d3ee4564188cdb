import { isJsonObject, type JsonValue } from "@agentwerk/core";

export interface Choice {
  readonly value: string;
  readonly title?: string | undefined;
}

/** One property of the flat schema that an elicitation may ask for. */
export interface ElicitationField {
  readonly name: string;
  readonly kind: "text" | "number" | "integer" | "boolean" | "choice" | "list";
  readonly choices: readonly Choice[];
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly format?: string | undefined;
  readonly required: boolean;
  readonly default?: JsonValue | undefined;
}

/** More fields than a person would fill in. */
const mostFields = 50;

/** Reads the properties of a requested schema, in its order. */
export function readFields(schema: unknown): readonly ElicitationField[] {
  if (!isJsonObject(schema) || !isJsonObject(schema.properties)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties)
    .slice(0, mostFields)
    .map(([name, property]) => readField(name, property, required.includes(name)));
}

function readField(name: string, property: JsonValue, required: boolean): ElicitationField {
  const schema = isJsonObject(property) ? property : {};
  const isList = schema.type === "array";
  const choices = readChoices(isList ? schema.items : schema);
  return {
    name,
    kind: isList ? "list" : kindOf(schema.type, choices),
    choices,
    title: asText(schema.title),
    description: asText(schema.description),
    format: asText(schema.format),
    required,
    default: schema.default,
  };
}

function kindOf(type: JsonValue | undefined, choices: readonly Choice[]): ElicitationField["kind"] {
  if (choices.length > 0) return "choice";
  return type === "number" || type === "integer" || type === "boolean" ? type : "text";
}

/** `enum` with or without `enumNames`, or `oneOf` / `anyOf` of constants with titles. */
function readChoices(schema: JsonValue | undefined): readonly Choice[] {
  if (!isJsonObject(schema)) return [];
  const { enumNames } = schema;
  if (Array.isArray(schema.enum)) {
    return schema.enum.filter(isText).map((value, index) => ({
      value,
      title: Array.isArray(enumNames) ? asText(enumNames[index]) : undefined,
    }));
  }
  const titled = schema.oneOf ?? schema.anyOf;
  if (!Array.isArray(titled)) return [];
  return titled.flatMap((option) =>
    isJsonObject(option) && isText(option.const)
      ? [{ value: option.const, title: asText(option.title) }]
      : [],
  );
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function asText(value: JsonValue | undefined): string | undefined {
  return isText(value) ? value : undefined;
}
