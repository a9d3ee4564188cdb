/** What a signal of a person or a supervisor ends a program with: 128 + its number. */
export const signalCodes = { SIGINT: 130, SIGTERM: 143 } as const;

export type EndingSignal = keyof typeof signalCodes;

export const endingSignals: readonly EndingSignal[] = ["SIGINT", "SIGTERM"];
