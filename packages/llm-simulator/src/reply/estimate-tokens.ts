/** About four characters a token: OpenAI's rule of thumb for English text. */
export const charactersPerToken = 4;

export function estimateTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}
