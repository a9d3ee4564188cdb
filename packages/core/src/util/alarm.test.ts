import { expect, test } from "vitest";
import { fakeClock } from "../testing/fake-clock.ts";
import { Alarm } from "./alarm.ts";

test("an alarm goes off once at the earliest moment asked for, and can be set again then", () => {
  const clock = fakeClock();
  const times: number[] = [];
  const start = clock.now();
  const alarm = new Alarm({ clock, task: () => void times.push(clock.now() - start) });

  alarm.ask(100);
  alarm.ask(200);
  alarm.ask(40);
  clock.advance(300);
  expect(times).toEqual([40]);
  alarm.ask(50);
  clock.advance(100);
  expect(times).toEqual([40, 350]);
  alarm.ask(10);
  alarm.stop();
  clock.advance(100);
  expect(times).toHaveLength(2);
});
