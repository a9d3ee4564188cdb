import { join } from "node:path";
import { sqliteStore } from "@agentwerk/core/sqlite";
import { expect, test } from "vitest";
import { cliBench } from "../../testing/cli-bench.ts";
import { simulatedProjects } from "../../testing/simulated-projects.ts";

const { project } = simulatedProjects();

test("stats tell what was done by label and agent, in bars", async () => {
  using bench = project({
    "agentwerk.config.json": '{ "agents": [{ "name": "a", "labels": ["x", "y"], "role": "x" }] }',
  });
  for (const label of ["x", "x", "y"]) await bench.run(["tickets", "create", "hello", "-l", label]);
  await bench.run(["work", "--until-dry"]);
  const { stdout } = await bench.run(["stats"]);
  expect(stdout).toMatch(/^tickets +3: 3 done, 0 failed, 0 cancelled\nsuccess +100\.0 %\n/);
  expect(stdout).toMatch(/\nx +2 +█{24} +2 +0 /);
  expect(stdout).toMatch(/\ny +1 +█{12} +1 +0 /);
  expect(stdout).toMatch(/\na +3 +█{24} +3 +0 /);
  expect(await bench.json(["stats", "--json"])).toMatchObject({
    all: { done: 3, requests: 3 },
    labels: { x: { done: 2 }, y: { done: 1 } },
    agents: { a: { done: 3 } },
  });
});

test("a store of many tickets is looked through for its agents only when that is wanted", async () => {
  using bench = cliBench({ files: { "agentwerk.config.json": "{}", ".agentwerk/.gitkeep": "" } });
  const store = sqliteStore({ path: join(bench.folder, ".agentwerk/tickets.db") });
  const tasks = Array.from({ length: 5_000 }, () => ({ task: "work" }));
  for (let batch = 0; batch < 4; batch += 1) await store.insert(tasks);
  const claims = await store.claim({
    worker: "test",
    wants: [{ agent: "ann", labels: [""], limit: 1 }],
    leaseMs: 60_000,
  });
  expect(claims).toHaveLength(1);
  await store.insert([{ task: "one more" }]);
  await store.close();

  const brief = await bench.run(["stats"]);
  expect(brief.stdout).toMatch(/^tickets +20,001: /);
  expect(brief.stdout).not.toContain("ann");
  expect(brief.stderr).toBe("What each agent did: --agents, which looks at 20,001 tickets.\n");
  expect((await bench.run(["stats", "--agents"])).stdout).toMatch(/\nann +1 /);
  expect(await bench.run(["stats", "--no-agents"])).toMatchObject({ stderr: "" });
  expect(await bench.json(["stats", "--json"])).toMatchObject({ agents: { ann: { created: 1 } } });
});
