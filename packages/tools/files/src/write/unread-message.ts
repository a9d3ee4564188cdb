/** Why a file must be read before it is changed; undefined when the conversation has seen what stands there. */
export function unreadMessage(
  shown: string,
  { seen, now }: { readonly seen: string | undefined; readonly now: string },
): string | undefined {
  if (seen === now) return undefined;
  return seen === undefined
    ? `${shown} was not read yet. Nothing was written; read it with read_file first.`
    : `${shown} was changed by somebody else since you read it. Nothing was written; read it again with read_file.`;
}
