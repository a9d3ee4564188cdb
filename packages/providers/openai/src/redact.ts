/** Removes what must not be read in a log: the given secrets, and anything that looks like a key of OpenAI. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, "***");
  return clean.replace(/\bsk-[\w*-]{8,}/g, "sk-***");
}
