import type { LanguageModelV3Prompt, LanguageModelV4Prompt } from "@ai-sdk/provider";

/** A prompt of ours as version 3 wants it: the only difference is how a file of the user holds its bytes. */
export function toV3Prompt(prompt: LanguageModelV4Prompt): LanguageModelV3Prompt {
  const converted: unknown = prompt.map((message) => {
    if (message.role !== "user") return message;
    const content = message.content.map((part) =>
      part.type === "file" && part.data.type === "data" ? { ...part, data: part.data.data } : part,
    );
    return { ...message, content };
  });
  // The types of the two versions name each part anew.
  return converted as LanguageModelV3Prompt;
}
