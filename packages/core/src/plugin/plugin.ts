import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { AgentwerkEvent, EventType } from "../event/event.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { Model } from "../provider/model.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import type { Tool, ToolSource } from "../tool/tool.ts";
import { refuseUnknownOptions } from "../util/refuse-unknown-options.ts";

export interface StoreLocation {
  /** As the user wrote it: `postgres://host/database`. */
  readonly url: string;
  readonly namespace: string;
}

/** What a package contributes. A plain object from a named factory; every part but the name is optional. */
export interface Plugin {
  /** The package's name, for messages. */
  readonly name: string;
  /** Makes a model of this vendor by its name: what `anthropic:claude-sonnet-4-5` in a configuration resolves to. */
  readonly providers?: Readonly<Record<string, (modelName: string) => Model>> | undefined;
  /** Given to every agent of the system. */
  readonly tools?: readonly (Tool | ToolSource)[] | undefined;
  /** For agents that bring none of their own. */
  readonly knowledge?: Knowledge | undefined;
  /** Opens stores by the scheme of their URL: `postgres`. */
  readonly stores?: Readonly<Record<string, (location: StoreLocation) => TicketStore>> | undefined;
  /** Called for each event of its type after the commit that it describes. */
  readonly on?:
    | {
        readonly [Type in EventType]?: (event: Extract<AgentwerkEvent, { type: Type }>) => unknown;
      }
    | undefined;
  /** Before the first run; a rejection keeps the run from starting. */
  readonly open?: ((options: { readonly signal: AbortSignal }) => Promise<void>) | undefined;
  readonly close?: (() => Promise<void>) | undefined;
}

/**
 * Checks a plugin's form and gives it back.
 * @throws AgentwerkError `invalid_input` when it has no name or a part that is not known.
 */
export function definePlugin<Definition extends Plugin>(plugin: Definition): Definition {
  if (typeof plugin.name !== "string" || plugin.name.trim() === "") {
    throw new AgentwerkError({
      code: "invalid_input",
      field: "plugin.name",
      message: "plugin.name is missing; use the name of the package.",
    });
  }
  refuseUnknownOptions(plugin, { known: parts, of: `the plugin ${plugin.name}` });
  return plugin;
}

const parts: ReadonlySet<string> = new Set([
  "name",
  "providers",
  "tools",
  "knowledge",
  "stores",
  "on",
  "open",
  "close",
]);
