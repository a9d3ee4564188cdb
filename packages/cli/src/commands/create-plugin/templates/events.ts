import type { Template } from "../template.ts";

export const eventsTemplate: Template = {
  description: "Tells about finished tickets of agentwerk",
  keywords: ["events"],
  usage: ({ packageName, camel }) => `import { defineConfig } from "agentwerk";
import { ${camel} } from "${packageName}";

export default defineConfig({
  plugins: [${camel}({ file: "finished.jsonl" })],
});`,
  files: ({ slug, camel, packageName }) => ({
    "src/index.ts": `export { ${camel}, type ${pascal(camel)}Options } from "./${slug}.ts";
`,
    [`src/${slug}.ts`]: `import { appendFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type AgentwerkEvent, definePlugin, makeFolder, type Plugin } from "@agentwerk/core";

export interface ${pascal(camel)}Options {
  /** A line of JSON is added to it for each ticket that ends. */
  readonly file: string;
}

/** Keeps a record of the tickets that end in this process. */
export function ${camel}({ file }: ${pascal(camel)}Options): Plugin {
  // One write after the other, so that lines never mix.
  let writing: Promise<void> = Promise.resolve();
  const record = ({ type, ticket, agent, labels, at }: AgentwerkEvent): void => {
    const line = \`\${JSON.stringify({ type, ticket, agent, labels, at })}\\n\`;
    writing = writing.then(() => appendFile(file, line));
  };
  return definePlugin({
    name: "${packageName}",
    // A rejection here keeps the run from starting.
    open: () => makeFolder(dirname(file)),
    // Events come after the commit that they describe. A handler that throws harms no run.
    on: { ticket_done: record, ticket_failed: record, ticket_cancelled: record },
    close: () => writing,
  });
}
`,
    [`src/${slug}.test.ts`]: `import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TicketSystem } from "@agentwerk/core";
import { scriptedProvider, writesResult } from "@agentwerk/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ${camel} } from "./${slug}.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "${slug}-"));
});

afterAll(() => rm(folder, { recursive: true }));

test("records each ticket that ends, in order", async () => {
  const file = join(folder, "below/finished.jsonl");
  const { model } = scriptedProvider([writesResult("one"), writesResult("two")]);
  const tickets = new TicketSystem({ plugins: [${camel}({ file })] });
  tickets.agent({ model, role: "You work." });
  await tickets.tasks([{ task: "first" }, { task: "second" }]);
  await tickets.runDry();
  await tickets.close();
  const lines = (await readFile(file, "utf8")).trimEnd().split("\\n");
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { type: "ticket_done", ticket: "TICKET-1", agent: "agent" },
    { type: "ticket_done", ticket: "TICKET-2", agent: "agent" },
  ]);
});
`,
  }),
};

function pascal(camel: string): string {
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}
