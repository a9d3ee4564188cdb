/** The vendors' usual models, for those who have a key and no opinion; nobody can guess one for LiteLLM. */
export const usualModels: Readonly<Record<string, string>> = {
  anthropic: "claude-sonnet-5-5",
  openai: "gpt-5",
  mistral: "mistral-large-latest",
};
