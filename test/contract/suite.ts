// The contract of every destination, as one ordered story per test: what is wanted, what others do, what stands there then.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Subject } from "./subject.js";
import { runTogether, type Sync } from "./sync.js";

/** Runs the whole contract for one destination. */
export function describeDestination(name: string, start: () => Promise<Subject>): void {
  describe(`the contract of a destination: ${name}`, () => {
    let subject: Subject;
    let sync: Sync;
    beforeEach(async () => {
      subject = await start();
      sync = subject.open();
    });
    afterEach(() => subject.close());

    const mine = () => subject.stored()[subject.slot] ?? {};
    const settled = async (values: Record<string, string>, of = sync) =>
      expect((await of.preview(values)).lines.filter((line) => /^[+~<>-]/.test(line))).toEqual([]);

    describe("observe and place", () => {
      test("a snapshot names its target, by the id that state keeps", async () => {
        const snapshot = await sync.target.observe({ fresh: true });
        expect(snapshot.targetId).toBe(await sync.target.resolve());
        expect(sync.target.addressOf(snapshot.targetId)).toMatchObject({ type: sync.target.type });
      });

      test("foreign entries are seen with token and without value", async () => {
        subject.edit(subject.slot, "FOREIGN", "someone's value");
        const entries = sync.target.read(await sync.target.observe({ fresh: true }), "salt");
        expect(entries.find((one) => one.key === "FOREIGN")).toMatchObject({ slot: subject.slot });
        expect(JSON.stringify(entries)).not.toContain("someone's value");
      });

      test("fingerprints are salted, and equal for equal looks", async () => {
        await sync.run({ A: "1" });
        const snapshot = await sync.target.observe({ fresh: true });
        const fingerprints = (salt: string) => sync.target.read(snapshot, salt).map((one) => one.fingerprint);
        expect(fingerprints("x")).toEqual(fingerprints("x"));
        expect(fingerprints("x")).not.toEqual(fingerprints("y"));
      });

      test("a placement says how the entry will look: the label that is read back", async () => {
        await sync.run({ A: "1" });
        const [placement] = sync.target.place("A");
        const live = sync.target.read(await sync.target.observe({ fresh: true }), "salt");
        expect(live.find((one) => one.key === "A" && one.slot === placement?.slot)?.label).toBe(placement?.label);
      });
    });

    describe("write", () => {
      test.each([
        ["one key", { A: "1" }],
        ["several keys", { A: "1", B: "2", C: "3" }],
        ["quotes, spaces and equal signs", { A: ` "a' = b ` }],
        ["several lines", { A: "-----BEGIN KEY-----\nabc\n-----END KEY-----\n" }],
        ["a json text", { A: '{"a":[1,2,{"b":"c"}]}' }],
        ["every script", { A: "zażółć 漢字 🔑" }],
        ["a number and a truth as text", { A: "007", B: "true" }],
      ])("%s comes to stand as it is, and a second run writes nothing", async (_, values: Record<string, string>) => {
        expect((await sync.run(values)).status).toBe("succeeded");
        expect(mine()).toEqual(values);
        const before = subject.writes();
        await sync.run(values);
        expect(subject.writes()).toBe(before);
        await settled(values);
      });

      test("a story of changes ends where it should, step by step", async () => {
        const steps: Array<Record<string, string>> = [
          { A: "1" },
          { A: "2" },
          { A: "2", B: "1" },
          { B: "1" },
          { A: "1", B: "2", C: "3" },
          { C: "3" },
          {},
          { A: "back" },
        ];
        for (const values of steps) {
          await sync.run(values);
          expect(mine()).toEqual(values);
          await settled(values);
        }
      });

      test("the order of the keys has no influence", async () => {
        await sync.run({ B: "2", A: "1" });
        expect((await sync.preview({ A: "1", B: "2" })).writes).toEqual([]);
      });

      test("sixty keys come to stand", async () => {
        const values = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`KEY_${index}`, `v${index}`]));
        await sync.run(values);
        expect(mine()).toEqual(values);
        await settled(values);
        await sync.destroy();
        expect(mine()).toEqual({});
      });
    });

    describe("what is not ours", () => {
      test("survives everything, byte for byte", async () => {
        subject.edit(subject.slot, "FOREIGN", "f1");
        subject.edit(subject.otherSlot, "FOREIGN", "f2");
        const rest = subject.rest();
        await sync.run({ A: "1", B: "1" });
        await sync.run({ A: "2" });
        await sync.destroy();
        expect(mine()).toEqual({ FOREIGN: "f1" });
        expect(subject.stored()[subject.otherSlot]).toEqual({ FOREIGN: "f2" });
        expect(subject.rest()).toBe(rest);
      });

      test("is a conflict under the same name, until it is adopted by name", async () => {
        subject.edit(subject.slot, "A", "theirs");
        await expect(sync.run({ A: "1", B: "1" })).rejects.toMatchObject({ code: "conflict.exists" });
        expect(mine()).toEqual({ A: "theirs" });
        await sync.run({ A: "1", B: "1" }, { adopt: ["A"] });
        expect(mine()).toEqual({ A: "1", B: "1" });
        await settled({ A: "1", B: "1" });
      });

      test("under the same name in another slot is no conflict, and stays", async () => {
        subject.edit(subject.otherSlot, "A", "theirs");
        await sync.run({ A: "1" });
        await sync.run({});
        expect(subject.stored()[subject.otherSlot]).toEqual({ A: "theirs" });
      });

      test("is what somebody has made of ours, when it leaves the source", async () => {
        await sync.run({ A: "1", B: "1" });
        subject.edit(subject.slot, "A", "theirs");
        await sync.run({ B: "1" });
        expect(mine()).toEqual({ A: "theirs", B: "1" });
      });
    });

    describe("drift", () => {
      test("a changed value is found without being readable, named, and repaired", async () => {
        await sync.run({ A: "1", B: "1" });
        subject.edit(subject.slot, "A", "changed");
        const { lines } = await sync.preview({ A: "1", B: "1" });
        expect(lines.filter((line) => line.startsWith("~"))).toEqual([expect.stringContaining(`${subject.slot}/A`)]);
        await sync.run({ A: "1", B: "1" });
        expect(mine()).toEqual({ A: "1", B: "1" });
        await settled({ A: "1", B: "1" });
      });

      test("a removed key is written again, and so are all of them", async () => {
        await sync.run({ A: "1", B: "1" });
        subject.drop(subject.slot, "A");
        await sync.run({ A: "1", B: "1" });
        expect(mine()).toEqual({ A: "1", B: "1" });
        for (let wipe = 0; wipe < 2; wipe += 1) {
          subject.drop(subject.slot, "A");
          subject.drop(subject.slot, "B");
          await sync.run({ A: "1", B: "1" });
          expect(mine()).toEqual({ A: "1", B: "1" });
        }
        await settled({ A: "1", B: "1" });
      });
    });

    describe("several syncs", () => {
      test("with disjoint keys commute, together and one after the other", async () => {
        const other = subject.open("other");
        await runTogether(
          [
            [sync, sync.job({ A: "1" })],
            [other, other.job({ B: "1" })],
          ],
          subject.clock,
        );
        expect(mine()).toEqual({ A: "1", B: "1" });
        await other.run({ B: "2" });
        await settled({ A: "1" });
        await sync.run({ A: "2" });
        await settled({ B: "2" }, other);
        await sync.destroy();
        expect(mine()).toEqual({ B: "2" });
      });

      test("of one key in two slots leave each other alone", async () => {
        const other = subject.open("other", subject.otherSlot);
        await sync.run({ A: "1" });
        await other.run({ A: "2" });
        await settled({ A: "1" });
        await other.run({ A: "3" });
        await settled({ A: "1" });
        await sync.run({ A: "4" });
        await settled({ A: "3" }, other);
        await other.destroy();
        expect(subject.stored()).toMatchObject({ [subject.slot]: { A: "4" } });
        await settled({ A: "4" });
      });
    });

    describe("failures", () => {
      test("a write whose answer is lost is not made twice, and is known", async () => {
        subject.loseNextAnswer();
        expect((await sync.run({ A: "1", B: "1" })).status).toBe("succeeded");
        expect(subject.writes()).toBe(1);
        expect(mine()).toEqual({ A: "1", B: "1" });
        await settled({ A: "1", B: "1" });
      });

      test("a refused write changes nothing, here and there", async () => {
        await sync.run({ A: "1" });
        const { ledger } = sync;
        subject.refuseWrites();
        await expect(sync.run({ A: "2", B: "1" })).rejects.toThrow(/may not|token/);
        expect(sync.ledger).toBe(ledger);
        subject.accept();
        expect(mine()).toEqual({ A: "1" });
        await sync.run({ A: "2", B: "1" });
        expect(mine()).toEqual({ A: "2", B: "1" });
      });
    });

    describe("the end", () => {
      test("adopted entries are given back where they could be read or kept, and the rest goes", async () => {
        subject.edit(subject.slot, "A", "theirs");
        await sync.run({ A: "1", B: "1" }, { adopt: ["A", "B"], keepPrior: true });
        await sync.destroy("restore");
        expect(mine()).toEqual({ A: "theirs" });
      });

      test("retained entries stay, and are nobody's", async () => {
        await sync.run({ A: "1" });
        await sync.destroy("retain");
        expect(mine()).toEqual({ A: "1" });
        expect(sync.ledger).toEqual({});
      });

      test("destroying twice is nothing new", async () => {
        await sync.run({ A: "1" });
        await sync.destroy();
        const before = subject.writes();
        await sync.destroy();
        expect([subject.writes(), mine()]).toEqual([before, {}]);
      });
    });
  });
}
