/** Why a command does not run, in words for the model; thrown inside the checker and never out of it. */
export class Refusal extends Error {
  override name = "Refusal";
}
