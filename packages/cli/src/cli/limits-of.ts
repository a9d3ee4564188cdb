import type { Policy } from "@agentwerk/core";

export interface LimitOptions {
  readonly maxSteps?: number | undefined;
  readonly maxCost?: number | undefined;
  /** In milliseconds. */
  readonly maxTime?: number | undefined;
}

/** The limits that were given on a line; what was not given stays with the configuration. */
export function limitsOf({ maxSteps, maxCost, maxTime }: LimitOptions): Policy {
  return {
    ...(maxSteps === undefined ? {} : { maxSteps }),
    ...(maxCost === undefined ? {} : { maxCost }),
    ...(maxTime === undefined ? {} : { maxTime }),
  };
}
