/** Why an expression has no value; the message is for the model that wrote it. */
export class ExpressionError extends Error {
  override name = "ExpressionError";
}
