import type { Template } from "../template.ts";

export const toolTemplate: Template = {
  description: "A tool for agentwerk",
  keywords: ["tool"],
  usage: ({ packageName, camel }) => `import { defineConfig } from "agentwerk";
import { ${camel} } from "${packageName}";

export default defineConfig({
  agents: [{ name: "writer", role: "You write.", tools: [${camel}()] }],
  // Or for every agent: plugins: ["${packageName}"],
});`,
  files: ({ slug, camel, snake, packageName }) => ({
    "src/index.ts": `import { definePlugin, type Plugin } from "@agentwerk/core";
import { ${camel} } from "./${slug}.ts";

export { ${camel} };

/** Gives the tool to every agent of a system. */
export function plugin(): Plugin {
  return definePlugin({ name: "${packageName}", tools: [${camel}()] });
}
`,
    [`src/${slug}.ts`]: `import { defineTool, type Tool, toolError } from "@agentwerk/core";

/** The tool \`${snake}\`: counts the words of a text. */
export function ${camel}(): Tool {
  return defineTool({
    name: "${snake}",
    description: "Counts the words of a text. Use it when a text has to keep within a number of words.",
    input: {
      type: "object",
      properties: { text: { type: "string", description: "The text, whole." } },
      required: ["text"],
      additionalProperties: false,
    },
    // Calls of a tool that only reads run side by side, and again after a crash.
    readOnly: true,
    run(input) {
      const words = readText(input).match(/[\\p{L}\\p{N}]+/gu) ?? [];
      // What the model can work around is an answer, not an exception.
      if (words.length === 0) return toolError("The text has no words; give one that does.");
      return \`\${words.length} words\`;
    },
  });
}

/** The schema has checked it; the type does not know. */
function readText(input: unknown): string {
  return typeof input === "object" && input !== null && "text" in input ? String(input.text) : "";
}
`,
    [`src/${slug}.test.ts`]: `import { runTool, toolSuite } from "@agentwerk/core/testing";
import { expect, test } from "vitest";
import { ${camel} } from "./${slug}.ts";

toolSuite({
  name: "${snake}",
  // What the tool could change; one that only reads has to prove that it changes nothing.
  open: async () => ({ tool: ${camel}(), state: async () => "nothing" }),
  valid: [{ text: "one two" }],
  invalid: [{}, { text: 3 }, { text: "x", more: true }],
  failing: [{ text: "…" }],
});

test("counts the words of any script", async () => {
  expect(await runTool(${camel}(), { text: "Über 3 Dinge: 漢字, кот." })).toBe("5 words");
});
`,
  }),
};
