import { causesOf } from "../../errors/causes-of.ts";

/** Removes what must not be read in a log: the given secrets, and anything that looks like a key. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, "***");
  return clean.replace(/\bsk-[\w*-]{8,}/g, "sk-***");
}

/** True when a secret stands in an error or its causes: a vendor may echo the key in its own words. */
export function mentions(thrown: unknown, secrets: readonly string[]): boolean {
  return causesOf(thrown).some((error) => {
    const text = textsOf(error).join("\n");
    return redact(text, secrets) !== text;
  });
}

/** Message, stack and whatever body an SDK keeps on its errors. */
function textsOf(error: object): readonly string[] {
  const texts = error instanceof Error ? [error.message, String(error.stack)] : [];
  for (const name of ["error", "body", "request"] as const) {
    if (name in error) texts.push(toText((error as Readonly<Record<string, unknown>>)[name]));
  }
  return texts;
}

/** As JSON; what that cannot show, such as a body that holds itself, as it shows itself in a log. */
function toText(body: unknown): string {
  try {
    return JSON.stringify(body) ?? "";
  } catch {
    return process.getBuiltinModule("node:util").inspect(body, { depth: null });
  }
}
