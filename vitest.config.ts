import { defineConfig } from "vitest/config";

export default defineConfig({
  // Workspace packages resolve to their sources, so that no test waits for a build.
  ssr: { resolve: { conditions: ["@agentwerk/source", "module", "node", "development|production"] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,use-cases,bench}/**/src/**/*.test.ts"],
        },
      },
    ],
  },
});
