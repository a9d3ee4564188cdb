import { claimFunctions } from "./claim-functions.ts";
import { helperFunctions } from "./helper-functions.ts";
import { readFunctions } from "./read-functions.ts";
import { stepFunction } from "./step-function.ts";
import { tables } from "./tables.ts";

export interface Migration {
  readonly sql: string;
  /**
   * The oldest version of the schema whose code can still work on this one. A step that workers of the version before
   * would not survive must not be released: functions get new names, and the old ones stay for a version.
   */
  readonly compatibleFrom: number;
}

/** Forward-only steps; a schema's version is how many of them it has seen. Never change one that was released: add another. */
export const migrations: readonly Migration[] = [
  {
    sql: [tables, helperFunctions, claimFunctions, stepFunction, readFunctions].join("\n"),
    compatibleFrom: 1,
  },
];
