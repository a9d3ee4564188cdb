import * as prompts from "@clack/prompts";
import { type Ability, type Answers, describeEnvironment, modelChoices, packageOf } from "./answers.ts";
import { neededPackages } from "./project-files.ts";

/** Asks the person at the terminal; `undefined` when they gave up. */
export async function askAnswers(
  suggested: Answers,
  { hasModel }: { readonly hasModel: boolean },
): Promise<Answers | undefined> {
  prompts.intro("agentwerk");
  const model = hasModel ? suggested.model : await askModel(suggested.model);
  if (model === undefined) return giveUp();
  const abilities = await prompts.multiselect<Ability>({
    message: "What may the example agent do?",
    initialValues: [...suggested.abilities],
    required: false,
    options: [
      { value: "read", label: "read and search files here" },
      { value: "write", label: "write files here" },
      { value: "shell", label: "run git status, git diff and git log", hint: "you widen the list" },
      { value: "web", label: "fetch web pages" },
      { value: "knowledge", label: "keep what it learned, as markdown pages" },
    ],
  });
  if (prompts.isCancel(abilities)) return giveUp();
  const answers: Answers = { model, modelPackage: packageOf(model), abilities, install: false };
  const install = await prompts.confirm({
    message: `Install what is missing of ${neededPackages(answers).join(", ")}?`,
    initialValue: true,
  });
  if (prompts.isCancel(install)) return giveUp();
  prompts.outro("Writing.");
  return { ...answers, install };
}

async function askModel(initialValue: string): Promise<string | undefined> {
  const model = await prompts.select({
    message: "Which model?",
    initialValue,
    options: modelChoices.map(({ model: value, label, hint }) => ({
      value,
      label,
      hint: value === "env" ? describeEnvironment() : (hint ?? ""),
    })),
  });
  return prompts.isCancel(model) ? undefined : model;
}

/** `undefined` when they gave up. */
export async function askOverwrite(file: string): Promise<boolean | undefined> {
  const answer = await prompts.confirm({
    message: `${file} is there already. Overwrite it?`,
    initialValue: false,
  });
  return prompts.isCancel(answer) ? undefined : answer;
}

function giveUp(): undefined {
  prompts.cancel("Nothing was written.");
  return undefined;
}
