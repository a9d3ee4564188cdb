import { definePlugin, type Plugin } from "@agentwerk/core";
import { ConfigError } from "./config-error.ts";
import { loadPackage } from "./load-package.ts";
import type { Project } from "./project.ts";

/** A PostgreSQL store needs its plugin and nothing else to be said about it. */
const postgresPackage = "@agentwerk/store-postgres";

/**
 * The plugins of a configuration, and the one that opens its store.
 * @throws ConfigError, or AgentwerkError `missing_dependency` with the install command.
 */
export async function makeProjectPlugins(project: Project): Promise<readonly Plugin[]> {
  const { config, root } = project;
  const plugins = await makePlugins(config.plugins ?? [], { root });
  const { store } = config;
  if (typeof store !== "string" || !/^postgres(ql)?:/.test(project.expand(store, "store"))) return plugins;
  if (plugins.some(({ stores }) => stores?.postgres !== undefined)) return plugins;
  const exported = await loadPackage(postgresPackage, { root, why: "store is a PostgreSQL database" });
  const plugin: unknown =
    typeof exported.postgresPlugin === "function" ? exported.postgresPlugin() : undefined;
  return [...plugins, checkPlugin(plugin, "store")];
}

/**
 * The plugins of a configuration. A package named there exports its plugin as `default` or as `plugin`, or a function of
 * that name that makes it without options.
 * @throws ConfigError, or AgentwerkError `missing_dependency` with the install command.
 */
export async function makePlugins(
  references: readonly (string | Plugin)[],
  { root }: { readonly root: string },
): Promise<readonly Plugin[]> {
  return Promise.all(
    references.map(async (reference, index) => {
      const field = `plugins[${index}]`;
      if (typeof reference !== "string") return checkPlugin(reference, field);
      const exported = await loadPackage(reference, { root, why: `${field} names a plugin` });
      const found = exported.default ?? exported.plugin;
      const plugin: unknown = typeof found === "function" ? await found() : found;
      if (plugin !== undefined && plugin !== null) return checkPlugin(plugin, field);
      throw new ConfigError(
        `${field}: ${reference} exports no plugin as default or as plugin; import it in agentwerk.config.ts and call its function there.`,
        { field },
      );
    }),
  );
}

function checkPlugin(plugin: unknown, field: string): Plugin {
  if (isPlugin(plugin)) return definePlugin(plugin);
  throw new ConfigError(`${field} is no plugin: an object with a name is expected.`, { field });
}

function isPlugin(value: unknown): value is Plugin {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "name") === "string";
}
