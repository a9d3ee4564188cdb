import { expect } from "vitest";
import { memoryStore } from "../../store/memory/memory-store.ts";
import type { StoreBench, StoreCase } from "./store-case.ts";
import { randomScript, ScriptPlayer, type ScriptStep } from "./store-script.ts";

/** Plays a script on the store and on a fresh memory store, and compares every answer and what is visible afterwards. */
export async function compareWithModel(
  bench: StoreBench,
  script: readonly ScriptStep[],
  options: ConstructorParameters<typeof ScriptPlayer>[2] = {},
): Promise<void> {
  const now = (): number => bench.clock.now();
  const model = new ScriptPlayer(memoryStore({ clock: bench.clock }), now, options);
  const player = new ScriptPlayer(bench.store, now, options);
  for (const [place, step] of script.entries()) {
    if (step.action === "pass") await bench.passTime(step.variant % 60);
    const expected = await model.play(step);
    expect(await player.play(step), `step ${place}, ${step.action}`).toEqual(expected);
    if (place % 16 === 15) expect(await player.look(), `after step ${place}`).toEqual(await model.look());
  }
  expect(await player.look()).toEqual(await model.look());
}

export const modelCases: readonly StoreCase[] = [1, 2, 3, 4].map((seed) => ({
  id: `model_${seed}`,
  title: `a random sequence of 200 operations has the same effect as on the memory store (seed ${seed})`,
  async run(bench) {
    await compareWithModel(bench, randomScript(seed, 200));
  },
}));
