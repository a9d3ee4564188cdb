import { AgentwerkError } from "@agentwerk/core";
import type { LanguageModelV3, LanguageModelV4, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { toV3Prompt } from "./to-v3-prompt.ts";

/** A model of the AI SDK: version 4 of its interface (AI SDK 7), or version 3 (AI SDK 6). */
export type AiSdkLanguageModel = LanguageModelV4 | LanguageModelV3;

export type WholeAnswer = Awaited<ReturnType<AiSdkLanguageModel["doGenerate"]>>;
export type StreamedAnswer = Awaited<ReturnType<AiSdkLanguageModel["doStream"]>>;

/** Answers of version 3 hold nothing that version 4 does not know. */
export function generate(
  model: AiSdkLanguageModel,
  options: LanguageModelV4CallOptions,
): PromiseLike<WholeAnswer> {
  if (model.specificationVersion === "v4") return model.doGenerate(options);
  return model.doGenerate({ ...options, prompt: toV3Prompt(options.prompt) });
}

export function stream(
  model: AiSdkLanguageModel,
  options: LanguageModelV4CallOptions,
): PromiseLike<StreamedAnswer> {
  if (model.specificationVersion === "v4") return model.doStream(options);
  return model.doStream({ ...options, prompt: toV3Prompt(options.prompt) });
}

/** @throws AgentwerkError `invalid_input` for anything but a language model of a version that we speak. */
export function checkLanguageModel(model: AiSdkLanguageModel): void {
  const given: unknown = model;
  if (typeof given === "string") {
    refuse(
      `is the text ${JSON.stringify(given)}; give the model itself, such as gateway(${JSON.stringify(given)})`,
    );
  }
  const version =
    typeof given === "object" && given !== null && "specificationVersion" in given
      ? given.specificationVersion
      : undefined;
  if (version === undefined) refuse("is no language model of the AI SDK");
  if (version !== "v4" && version !== "v3") {
    refuse(
      `speaks version ${String(version)} of the AI SDK's interface; update its package to one for AI SDK 6 or later`,
    );
  }
}

function refuse(problem: string): never {
  throw new AgentwerkError({
    code: "invalid_input",
    field: "languageModel",
    message: `languageModel ${problem}.`,
  });
}
