import { makeKnowledge } from "../../config/make-knowledge.ts";
import { openToolbox } from "../../config/open-toolbox.ts";
import type { Project } from "../../config/project.ts";
import { count } from "../../show/format.ts";
import { attempt, type Check, ok, warning } from "./check.ts";

/** Makes the tools of each agent, MCP servers included: a missing package, a wrong pattern or a dead server shows here. */
export async function checkTools(project: Project): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const agent of project.agents) {
    const found = await attempt("tools", async () => {
      await using toolbox = await openToolbox(project, { agents: [agent] });
      const names = toolbox.agents.flatMap(({ tools }) => tools.map(({ name }) => name));
      const missing = toolbox.problems.map((problem) =>
        warning(
          "tools",
          `${agent.name}: ${problem}`,
          "agentwerk mcp list shows the servers and what is wrong with them",
        ),
      );
      return [ok("tools", `${agent.name}: ${names.join(", ")}`), ...missing];
    });
    checks.push(...found);
  }
  return checks;
}

export async function checkKnowledge(project: Project): Promise<readonly Check[]> {
  const { config, root } = project;
  if (config.knowledge === undefined) return [];
  const reference = project.expand(config.knowledge, "knowledge");
  const knowledge = await makeKnowledge(reference, { field: "knowledge", root });
  const pages = await knowledge.list();
  return [
    ok(
      "knowledge",
      `${count(pages.length, "page")}${typeof reference === "string" ? ` in ${reference}` : ""}`,
    ),
  ];
}
