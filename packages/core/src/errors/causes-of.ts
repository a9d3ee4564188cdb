/**
 * What was thrown and what caused it, outermost first, up to the first cause that is no object. Each stands there once, so
 * that errors which are their own cause come to an end.
 */
export function causesOf(thrown: unknown): readonly object[] {
  const causes = new Set<object>();
  for (let cause = thrown; typeof cause === "object" && cause !== null && !causes.has(cause); ) {
    causes.add(cause);
    cause = "cause" in cause ? cause.cause : undefined;
  }
  return [...causes];
}
