import type { PluginNames } from "./plugin-names.ts";

/** What differs from kind to kind. */
export interface Template {
  /** For package.json, one line. */
  readonly description: string;
  readonly keywords: readonly string[];
  /** Packages of agentwerk that it builds on, besides the core. */
  readonly peers?: readonly string[];
  /** Those that only its tests need. */
  readonly testPackages?: readonly string[];
  /** How a configuration uses it; code. */
  readonly usage: (names: PluginNames) => string;
  readonly files: (names: PluginNames) => Readonly<Record<string, string>>;
}
