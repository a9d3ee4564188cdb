/** Why a page did not come, in words for the model. */
export class FetchFailure extends Error {
  override name = "FetchFailure";
}
