export type SimulatorErrorCode =
  | "invalid_options"
  | "invalid_script"
  | "listen_failed"
  | "script_mismatch"
  | "closed";

/** Every error of this package; narrow on `code`. The message says what to do. */
export class SimulatorError extends Error {
  override name = "SimulatorError";
  readonly code: SimulatorErrorCode;

  constructor(code: SimulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
