import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator } from "@agentwerk/llm-simulator";
import {
  programStarter,
  type Started,
  type StartOptions,
  signalWhileModelLoads,
} from "@agentwerk/use-cases-shared/testing";
import { parseHTML } from "linkedom";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readCorpus, toPlainText } from "./corpus/read-corpus.ts";
import { corpusFolder } from "./corpus-folder.ts";
import { simulatedModel } from "./model/simulated-model.ts";
import type { JsonReport } from "./report/to-json.ts";

const tides = "How well does tidal power at Kessel Sound work, and what does it cost?";
const bees = "Is beekeeping in the city of Lindhafen good for honey and wild bees?";
const corpus = new Map(
  readCorpus(corpusFolder).map((article) => [article.slug, toPlainText(article.paragraphs.join(" "))]),
);

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "deep-research-"));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const program = programStarter(new URL("./main.ts", import.meta.url));

function start(argv: readonly string[], options: StartOptions = {}): Started {
  return program(argv, { cwd: dir, ...options });
}

/** The pages that a report cites, each quote compared with the article on disk, not with what the program says it read. */
function citedPages({ sources }: JsonReport): readonly string[] {
  return sources.map(({ url, quotes }) => {
    const slug = new URL(url).pathname.slice(1);
    for (const quote of quotes) expect(corpus.get(slug), `${slug} says: ${quote}`).toContain(quote);
    expect(quotes.length, slug).toBeGreaterThan(0);
    return slug;
  });
}

describe("a question about the enclosed pages", () => {
  let folder: string;
  let told: string;
  let report: JsonReport;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "deep-research-report-"));
    const { code, stdout, stderr } = await start([tides, "--output", "out"], { cwd: folder }).ended;
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "out/report.md\nout/report.html\nout/report.json\n",
    });
    told = stderr;
    report = JSON.parse(await readFile(join(folder, "out/report.json"), "utf8"));
  }, 120_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("is answered by a report whose every citation stands on its page", async () => {
    expect(report).toMatchObject({ complete: true, simulated: true, evidence: { dropped: 0 } });
    expect(citedPages(report)).toEqual(
      expect.arrayContaining(["kessel-sound-station", "kessel-sound-costs"]),
    );
    for (const { text, sources } of [
      ...report.summary,
      ...report.sections.flatMap((section) => section.paragraphs),
    ]) {
      expect(sources.length, text).toBeGreaterThan(0);
    }
    const markdown = await readFile(join(folder, "out/report.md"), "utf8");
    expect(markdown).toContain("241 million crowns");
    expect(markdown).toMatch(/34 megawatts.*27 megawatts|27 megawatts.*34 megawatts/);
  });

  test("mistakes were sent back: arguments that are no JSON, an invented page, another number", async () => {
    expect(told).toContain("not valid JSON");
    expect(told).toContain("this page was not fetched with success");
    expect(told).toContain("does not stand on the page word for word");
    expect(report.evidence.refused).toBe(2);
    expect(JSON.stringify(report)).not.toContain("press-release");
  });

  test("the page with orders for the reader was read, and had no effect", async () => {
    expect(told).toMatch(/reads http:\/\/\S+\/kessel-harbour-blog/);
    expect(told).not.toContain("/collect");
    for (const name of await readdir(join(folder, "out"))) {
      const text = await readFile(join(folder, "out", name), "utf8");
      expect(text, name).not.toMatch(/shut down|kessel\.example|<script/i);
    }
  });

  test("the HTML report loads and runs nothing, and stands by itself", async () => {
    const html = await readFile(join(folder, "out/report.html"), "utf8");
    const { document } = parseHTML(html);
    expect(document.querySelectorAll("script, img, link, iframe, object")).toHaveLength(0);
    expect(document.querySelector("meta[http-equiv]")?.getAttribute("content")).toContain(
      "default-src 'none'",
    );
    expect(html).toContain("prefers-color-scheme: dark");
    const marks = [...document.querySelectorAll("a.mark")].map(
      (mark) => mark.getAttribute("href")?.slice(1) ?? "",
    );
    expect(marks.length).toBeGreaterThan(5);
    for (const id of marks) expect(document.getElementById(id), id).not.toBeNull();
  });

  test("another question gets another report, as one JSON object", { timeout: 120_000 }, async () => {
    const { code, stdout, stderr } = await start([bees, "--json"]).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const report: JsonReport = JSON.parse(stdout);
    const pages = citedPages(report);
    expect(pages).toEqual(expect.arrayContaining(["wild-bees", "lindhafen-bees"]));
    expect(pages.filter((slug) => /kessel|tidal|station|waffles/.test(slug))).toEqual([]);
    expect(report.disagreements.map(({ text }) => text).join()).toMatch(/3,100 registered hives/);
  });

  test("a question that no page answers ends with that, and not with an invented report", async () => {
    const question = "What do volcanoes on Jupiter \u009b31mcost?";
    const { code, stdout, stderr } = await start([question, "--json"]).ended;
    expect(code).toBe(1);
    expect(stdout).not.toContain("\u009b");
    expect(JSON.parse(stdout)).toMatchObject({
      question,
      complete: false,
      title: null,
      findings: [],
      sources: [],
    });
    expect(stderr).toContain("no page that was read says anything about it");
  });

  test("a handover takes the angle further, within --depth", { timeout: 120_000 }, async () => {
    const handovers = async (depth: string): Promise<number> => {
      const { stderr } = await start([tides, "--angles", "1", "--depth", depth]).ended;
      return stderr.match(/✓ TICKET-\d+ .*researcher/g)?.length ?? 0;
    };
    expect(await handovers("1")).toBe(1);
    expect(await handovers("2")).toBe(2);
  });
});

describe("what ends early", () => {
  test("a budget that is used up leaves an orderly part of a report", async () => {
    const { code, stdout, stderr } = await start([
      tides,
      "--max-cost",
      "0.018",
      "--concurrency",
      "1",
      "--json",
    ]).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^deep-research: the report is incomplete: the limit --max-cost 0\.018 was reached\.\n$/,
    );
    const report: JsonReport = JSON.parse(stdout);
    expect(report).toMatchObject({ complete: false, title: null });
    expect(report.findings.length).toBeGreaterThan(0);
    citedPages(report);
  });

  test("so does the time", async () => {
    await using simulator = await startSimulator({ respond: simulatedModel, latencyMs: 1_000 });
    const { code, stdout } = await start([tides, "--offline", "--max-time", "3s"], {
      env: { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_MODEL: "slow" },
    }).ended;
    expect(code).toBe(1);
    expect(stdout).toContain("**Incomplete:** the limit --max-time of 3 s was reached");
  });

  test("an interrupt ends it in order with 130", async () => {
    await using simulator = await startSimulator({
      respond: simulatedModel,
      faults: [
        { fault: { kind: "slow_first_byte", delayMs: 600_000 }, when: ({ messages }) => messages.length > 5 },
      ],
    });
    const program = start([tides, "--offline", "--angles", "2"], {
      env: { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_MODEL: "slow" },
    });
    // The plan with its correction, and two researchers that search, read and then wait for their model.
    await simulator.received(8);
    program.child.kill("SIGINT");
    const { code, stdout, stderr } = await program.ended;
    expect(code).toBe(130);
    expect(stderr).toContain("Interrupted: ending in order");
    expect(stdout).toContain("**Incomplete:** it was interrupted");
  });

  test("a signal while the model's package is loaded ends it before the research", async () => {
    const argv = [tides, "--offline", "--output", "out"];
    const { code, stdout, stderr } = await start(argv, { env: signalWhileModelLoads("SIGTERM") }).ended;
    expect({ code, stdout }).toEqual({ code: 143, stdout: "" });
    expect(stderr).toBe("Interrupted: ending in order …\n");
    expect(await readdir(join(dir, "out"))).toEqual([]);
  });

  test("a key that is refused ends it with one line", async () => {
    await using simulator = await startSimulator({ apiKey: "sk-right" });
    const { code, stderr } = await start([tides, "--offline", "--json"], {
      env: { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_API_KEY: "sk-wrong" },
    }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^deep-research: the report is incomplete: .*refused the API key.*\n$/);
    expect(stderr).not.toContain("sk-wrong");
  });
});

describe("the command line", () => {
  test.each([
    [[], "The question is missing"],
    [["q", "--angles", "7"], "from 1 to 6"],
    [["q", "--max-cost", "free"], "--max-cost"],
    [["q", "--max-time", "5"], "such as 90s"],
    [["q", "--colour"], "--colour"],
  ])("refuses %j in one line with 2", async (argv, part) => {
    const { code, stdout, stderr } = await start(argv).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^deep-research: [^\n]*\n$/);
    expect(stderr).toContain(part);
  });

  test("a folder that cannot be made is refused before the research", async () => {
    await writeFile(join(dir, "taken"), "");
    const { code, stdout, stderr } = await start([tides, "--output", "taken"]).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^deep-research: --output taken cannot be made; [^\n]*\n$/);
  });

  test("a limit in money needs a price, and says so before anything is spent", async () => {
    await using simulator = await startSimulator({ respond: simulatedModel });
    const { code, stderr } = await start(["q", "--offline", "--max-cost", "1", "--json"], {
      env: { OPENAI_BASE_URL: simulator.baseUrl, OPENAI_MODEL: "nameless" },
    }).ended;
    expect({ code, requests: simulator.requestCount }).toEqual({ code: 1, requests: 0 });
    expect(stderr).toMatch(/^deep-research: [^\n]*price of nameless[^\n]*\n$/);
  });

  test("a model without a search service says what to do", async () => {
    const { code, stderr } = await start(["q"], { env: { OPENAI_API_KEY: "sk" } }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^deep-research: BRAVE_API_KEY is not set; .*--offline.*\n$/);
  });
});
