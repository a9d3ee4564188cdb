export function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:/.test(text);
}

/** A store's URL for people: no user, no password, no parameters, which may hold one. */
export function withoutSecrets(url: string): string {
  const bare = url.replace(/\?.*$/s, "");
  const [scheme = "", rest] = bare.split("://", 2);
  if (rest === undefined) return bare;
  // A password may hold an @ of its own: what stands behind the last one is the host.
  const at = rest.lastIndexOf("@");
  return at === -1 ? bare : `${scheme}://…@${rest.slice(at + 1)}`;
}
