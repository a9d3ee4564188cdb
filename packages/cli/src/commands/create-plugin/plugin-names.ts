import { UsageError } from "../../cli/usage-error.ts";

/** One plugin under the names that its files need. */
export interface PluginNames {
  /** As npm knows it: `@acme/agentwerk-billing`. */
  readonly packageName: string;
  /** The last part, where files and folders are named: `agentwerk-billing`. */
  readonly folder: string;
  /** Without what says that it is of agentwerk: `billing`. */
  readonly slug: string;
  /** `billing` in code. */
  readonly camel: string;
  /** What models and URLs know: `billing`, with `_` between words. */
  readonly snake: string;
  /** What environment variables begin with: `BILLING`. */
  readonly upper: string;
}

/** @throws UsageError for a name that npm or JavaScript would not take. */
export function readPluginNames(packageName: string): PluginNames {
  const match = /^(?:@[a-z0-9][a-z0-9._-]*\/)?([a-z0-9][a-z0-9-]*)$/.exec(packageName);
  const folder = match?.[1];
  const slug = folder?.replace(/^agentwerk-(?:plugin-)?/, "").replace(/-plugin$/, "");
  if (folder === undefined || slug === undefined || !/^[a-z]/.test(slug)) {
    throw new UsageError(
      `The name ${JSON.stringify(packageName)} is no package name; use lower-case letters, digits and -, as agentwerk-billing or @acme/agentwerk-billing.`,
    );
  }
  const snake = slug.replaceAll("-", "_");
  const camel = slug.replaceAll(/-+([a-z0-9])?/g, (_, letter: string | undefined) =>
    (letter ?? "").toUpperCase(),
  );
  return { packageName, folder, slug, camel, snake, upper: snake.toUpperCase() };
}
