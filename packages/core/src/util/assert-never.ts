/** Ends a switch over a union: adding a member without a case becomes a compile error. */
export function assertNever(value: never): never {
  throw new TypeError(`Unexpected value: ${JSON.stringify(value)}`);
}
