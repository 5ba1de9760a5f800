// Pure but for the questions it is given: asks a service about many things, and about none any more once one of them has failed.

/** As many as a client has connections for one service. */
const atOnce = 16;

/**
 * The answers, in order. A failure waits for whatever is under way, so that nothing goes on asking behind a source that has failed.
 *
 * @throws the first failure
 */
export async function askEach<Thing, Answer>(
  things: readonly Thing[],
  ask: (thing: Thing) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const failures: unknown[] = [];
  const waiting = [...things.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = failures.length > 0 ? undefined : waiting.shift()) {
      const [at, thing] = next;
      try {
        answers[at] = await ask(thing);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, things.length) }, work));
  if (failures.length > 0) throw failures[0];
  return answers;
}
