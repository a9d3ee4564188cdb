/** A file's name on one line: one that holds line breaks or other control characters is put in quotes. */
export function printName(name: string): string {
  return /\p{Cc}/u.test(name) ? JSON.stringify(name) : name;
}
