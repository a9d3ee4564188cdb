import { definePlugin, type Plugin } from "@agentwerk/core";
import type { PostgresOptions } from "./postgres-options.ts";
import { postgres } from "./postgres-store.ts";

/** Opens `store: "postgres://…"`, wherever a store is named by its URL. */
export function postgresPlugin(options: Omit<PostgresOptions, "namespace"> = {}): Plugin {
  const open = ({
    url,
    namespace,
  }: {
    readonly url: string;
    readonly namespace: string;
  }): ReturnType<typeof postgres> => postgres(url, { ...options, namespace });
  return definePlugin({ name: "@agentwerk/store-postgres", stores: { postgres: open, postgresql: open } });
}
