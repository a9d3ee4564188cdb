import { ConfigError } from "./config-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Fills `${NAME}` and `${NAME:-otherwise}` in every text of a value. Empty variables count as unset.
 * @throws ConfigError naming the field and the variable that is not set.
 */
export function expandEnvironment<Value>(
  value: Value,
  options: { readonly field: string; readonly env: Environment },
): Value;
export function expandEnvironment(
  value: unknown,
  { field, env }: { readonly field: string; readonly env: Environment },
): unknown {
  if (typeof value === "string") return expandText(value, { field, env });
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => expandEnvironment(item, { field: `${field}[${index}]`, env }));
  }
  if (!isPlainObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    expandEnvironment(item, { field: `${field}.${key}`, env }),
  ]);
  return Object.fromEntries(entries);
}

function expandText(
  text: string,
  { field, env }: { readonly field: string; readonly env: Environment },
): string {
  return text.replaceAll(reference, (_, name: string, otherwise: string | undefined) => {
    const found = env[name] === "" ? undefined : env[name];
    if (found !== undefined) return found;
    if (otherwise !== undefined) return otherwise;
    throw new ConfigError(
      `${field} names \${${name}}, which is not set; set it, or write \${${name}:-a value}.`,
      { field },
    );
  });
}

/** Objects with methods, such as tools and stores, are left as they are. */
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
