import { defaultServerConditions } from "vite";
import type { ViteUserConfig } from "vitest/config";
import { defineConfig } from "vitest/config";

const sources = "{packages,use-cases,bench}/**/src/**";
const neverATest = ["**/node_modules/**", "**/dist/**"];
const sensitive = [
  "packages/{core,stores,tools,knowledge}/**/src/**/*.process.test.ts",
  "packages/mcp/src/serve/faults.process.test.ts",
];

const config: ViteUserConfig = defineConfig({
  // Workspace packages resolve to their sources, so that no test waits for a build.
  ssr: { resolve: { conditions: ["@agentwerk/source", ...defaultServerConditions] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [`${sources}/*.test.ts`],
          exclude: [`${sources}/*.process.test.ts`, ...neverATest],
          // A test that hangs is told; one on a busy machine does not hang.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          // Tests that start programs and wait for them.
          name: "process",
          include: [`${sources}/*.process.test.ts`],
          exclude: [...sensitive, ...neverATest],
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          // Those that stall and kill processes, or race them: one file at a time, so that nothing but the test loads the machine.
          name: "alone",
          include: [...sensitive],
          exclude: neverATest,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "workspace",
          include: ["tests/{workspace,providers}/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "packages",
          include: ["tests/packages/*.test.ts"],
          globalSetup: ["tests/packages/pack.setup.ts"],
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: "examples",
          include: ["tests/examples/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});

export default config;
