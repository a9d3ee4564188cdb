const providerVariable = /^(OPENAI|ANTHROPIC|MISTRAL|LITELLM|MODEL|BRAVE)/;

/** This process's environment without what chooses a model or a service, and with what a test sets. */
export function withoutProviders(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !providerVariable.test(name)) inherited[name] = value;
  }
  return { ...inherited, ...env };
}
