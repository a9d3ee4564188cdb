import type { Template } from "../template.ts";

export const storeTemplate: Template = {
  description: "A ticket store for agentwerk, opened by URL",
  keywords: ["store"],
  usage: ({ packageName, slug }) => `import { defineConfig } from "agentwerk";

export default defineConfig({
  plugins: ["${packageName}"],
  store: "${slug}:./tickets",
});`,
  files: ({ slug, camel, packageName }) => ({
    "src/index.ts": `import { definePlugin, type Plugin } from "@agentwerk/core";
import { ${camel}Store } from "./${slug}-store.ts";

export { ${camel}Store, type ${pascal(camel)}StoreOptions } from "./${slug}-store.ts";

/** Opens \`store: "${slug}:<folder>"\`. */
export function plugin(): Plugin {
  return definePlugin({
    name: "${packageName}",
    stores: {
      ${JSON.stringify(slug)}: ({ url, namespace }) => ${camel}Store({ folder: url.slice(${slug.length + 1}), namespace }),
    },
  });
}
`,
    [`src/${slug}-store.ts`]: `import { join } from "node:path";
import type { Clock, TicketStore } from "@agentwerk/core";
import { sqliteStore } from "@agentwerk/core/sqlite";

export interface ${pascal(camel)}StoreOptions {
  /** Holds the data; made when it is not there. */
  readonly folder: string;
  /** One project or tenant; nothing crosses. \`default\` unless given. */
  readonly namespace?: string | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * A store that keeps its tickets in a folder, by the core's SQLite engine: a beginning that works. An engine of your own
 * takes its place method by method: @agentwerk/core/store-kit has the rules and steps that all engines share, and the
 * suite beside this file says when it is right.
 */
export function ${camel}Store({ folder, namespace, clock }: ${pascal(camel)}StoreOptions): TicketStore {
  const engine = sqliteStore({ path: join(folder, "tickets.db"), namespace, clock });
  return { ...engine };
}
`,
    [`src/${slug}-store.test.ts`]: `import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TicketStore, TicketSystem } from "@agentwerk/core";
import { storeSuite } from "@agentwerk/core/testing";
import { afterAll, expect, test } from "vitest";
import { plugin } from "./index.ts";
import { ${camel}Store } from "./${slug}-store.ts";

const root = mkdtempSync(join(tmpdir(), "${slug}-"));
const folders = new WeakMap<TicketStore, string>();

afterAll(() => rmSync(root, { recursive: true }));

storeSuite({
  name: "${slug}",
  async open(options) {
    const folder = mkdtempSync(join(root, "store-"));
    const store = ${camel}Store({ ...options, folder });
    folders.set(store, folder);
    return store;
  },
  async join(store, options) {
    const folder = folders.get(store) ?? root;
    const joined = ${camel}Store({ ...options, folder });
    folders.set(joined, folder);
    return joined;
  },
});

test("a ticket system opens it by its URL, and finds what was filed before", async () => {
  const store = \`${slug}:\${join(root, "by-url")}\`;
  const first = new TicketSystem({ store, plugins: [plugin()] });
  const { key } = await first.task("work");
  await first.close();
  await using second = new TicketSystem({ store, plugins: [plugin()] });
  expect(await second.get(key)).toMatchObject({ task: "work", status: "todo" });
});
`,
  }),
};

function pascal(camel: string): string {
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}
