import { type Model, toErrorMessage } from "@agentwerk/core";
import { makeModel } from "../../config/make-model.ts";
import { makeProjectPlugins } from "../../config/make-plugins.ts";
import type { Project } from "../../config/project.ts";
import { formatDuration, shortNumber } from "../../show/format.ts";
import { attempt, type Check, failed, ok, warning } from "./check.ts";

/** Makes each model that an agent names, which needs its package and its key; with `isOnline` asks it for a word. */
export async function checkModels(
  project: Project,
  { isOnline }: { readonly isOnline: boolean },
): Promise<readonly Check[]> {
  const { root } = project;
  const plugins = await attempt("plugins", async () => {
    const made = await makeProjectPlugins(project);
    return made.length === 0 ? [] : [ok("plugins", made.map(({ name }) => name).join(", "))];
  });
  if (plugins.some(({ status }) => status === "failed")) return plugins;
  const made = await makeProjectPlugins(project);
  const checks: Check[] = [...plugins];
  for (const [label, { reference, field }] of collect(project)) {
    const found = await attempt("model", async () => {
      const model = await makeModel(project.expand(reference, field), { field, root, plugins: made });
      return [describe(label, model), ...(isOnline ? [await ask(model)] : [])];
    });
    checks.push(...found);
  }
  return checks;
}

interface Reference {
  readonly reference: string | Model;
  readonly field: string;
}

/** Each model once, whoever names it. */
function collect({ config, agents }: Project): ReadonlyMap<string, Reference> {
  const found = new Map<string, Reference>();
  for (const { entry, field } of agents) {
    const own = "definition" in entry ? entry.definition.model : entry.model;
    const isOwn = own !== undefined && own !== "inherit";
    const reference = isOwn ? own : (config.model ?? "env");
    const label = typeof reference === "string" ? reference : reference.name;
    if (!found.has(label)) found.set(label, { reference, field: isOwn ? `${field}.model` : "model" });
  }
  return found;
}

function describe(label: string, model: Model): Check {
  const { name, provider, contextWindow, price } = model;
  const what = label === name ? name : `${label}: ${name}`;
  const message = `${what} by ${provider.name}, ${shortNumber(contextWindow)} tokens of context`;
  if (price !== undefined) return ok("model", message);
  return warning(
    "model",
    `${message}, price unknown`,
    "maxCost needs a price; give one with the model in agentwerk.config.ts",
  );
}

async function ask(model: Model): Promise<Check> {
  const startedAt = performance.now();
  try {
    await model.provider.respond(
      {
        model: model.name,
        system: "Answer with the one word: ready.",
        messages: [{ role: "user", content: [{ type: "text", text: "Are you ready?" }] }],
        tools: [],
        toolChoice: "auto",
      },
      { signal: AbortSignal.timeout(60_000) },
    );
    return ok("model", `${model.name} answered in ${formatDuration(performance.now() - startedAt)}`);
  } catch (error) {
    return failed(
      "model",
      `${model.name} did not answer: ${toErrorMessage(error)}`,
      "check key, address and name of the model",
    );
  }
}
