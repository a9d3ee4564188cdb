import { describe, expect, test } from "vitest";
import { cliBench } from "../../testing/cli-bench.ts";
import { simulatedProjects } from "../../testing/simulated-projects.ts";

const { project } = simulatedProjects();

describe("doctor", () => {
  test("looks at everything, also when one thing fails, and names the fix", async () => {
    using bench = cliBench({
      files: {
        "agentwerk.config.json": JSON.stringify({
          model: "openai:gpt-5",
          knowledge: "./knowledge",
          agents: [{ name: "a", role: "x", tools: ["web_fetch"] }],
        }),
        ".git/HEAD": "",
      },
    });
    const { code, stdout } = await bench.run(["doctor"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✓ node +\d+\./);
    expect(stdout).toMatch(/✓ configuration +agentwerk\.config\.json: a \(no label\)/);
    expect(stdout).toMatch(/✗ model +.*OPENAI_API_KEY/);
    expect(stdout).toMatch(/✗ tools +.*npm install @agentwerk\/tools-web/);
    expect(stdout).toMatch(/✓ knowledge +0 pages in \.\/knowledge/);
    expect(stdout).toMatch(/✓ store +SQLite in \.agentwerk: 0 tickets todo/);
    expect(stdout).toMatch(
      /! store +git does not ignore \.agentwerk\n +→ add the line \.agentwerk\/ to \.gitignore/,
    );
  });

  test("--online asks each model", async () => {
    using bench = project();
    const well = await bench.json(["doctor", "--online", "--json"]);
    expect(JSON.stringify(well)).toContain("simulated answered in");
    const gone = await bench.run(["doctor", "--online"], {
      env: { OPENAI_BASE_URL: "http://127.0.0.1:9/v1" },
    });
    expect(gone.code).toBe(1);
    expect(gone.stdout).toMatch(/✗ model +simulated did not answer: /);
  });
});
