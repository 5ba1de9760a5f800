// Pure but for its memory and the calls it is given: sends each call with a token that the server accepts. A refused token is replaced for
// as long as the new one serves any call: parallel calls use up a token with few uses.

import type { HttpAnswer, HttpCall } from "../../http/client.js";
import type { Redacted } from "../../redacted.js";
import type { Ask } from "./conditional.js";
import type { LeaseKeeper } from "./lease.js";

export interface LeasedCalls {
  readonly keeper: LeaseKeeper;
  readonly send: (call: HttpCall, token: Redacted) => Promise<HttpAnswer>;
  /** Whether the token may be the reason of an error. */
  readonly isRefusal: (error: unknown) => boolean;
  /** Whether the server still knows a token, if it denies a call and refuses a token in the same words. */
  readonly isKnown?: (token: Redacted) => Promise<boolean>;
}

/** What is known of one token. */
interface Use {
  readonly underWay: Set<Promise<unknown>>;
  hasServed: boolean;
  isSpent: boolean;
}

export function createLeasedAsk({ keeper, send, isRefusal, isKnown }: LeasedCalls): Ask {
  const { sendWith, isSpent } = followUses(send, isKnown);
  // A new token that is refused, too: then the policy is the reason, and another login for every denied path would not help.
  let denied: Redacted | undefined;

  const replace = (token: Redacted): Promise<Redacted> => {
    const fresh = keeper.replace(token);
    // If the token need not be the reason, neither is a failed login.
    return isKnown === undefined ? fresh : fresh.catch(() => token);
  };
  return async (call) => {
    const first = await keeper.current();
    let refusal: unknown;
    for (let token = first; ;) {
      try {
        return await sendWith(call, token);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refusal ??= error;
      }
      if ((token !== first || token === denied) && !(await isSpent(token))) {
        if (isKnown !== undefined) denied = token;
        throw refusal;
      }
      const fresh = await replace(token);
      if (fresh === token) throw refusal;
      token = fresh;
    }
  };
}

/** Sends with a token, and decides whether a refused one has been used up since. */
function followUses(send: LeasedCalls["send"], isKnown: LeasedCalls["isKnown"]) {
  const uses = new WeakMap<Redacted, Use>();
  const useOf = (token: Redacted): Use => {
    const use = uses.get(token) ?? { underWay: new Set(), hasServed: false, isSpent: false };
    uses.set(token, use);
    return use;
  };
  return {
    sendWith: async (call: HttpCall, token: Redacted): Promise<HttpAnswer> => {
      const use = useOf(token);
      const sending = send(call, token);
      use.underWay.add(sending);
      try {
        const answer = await sending;
        if (answer.status < 400) use.hasServed = true;
        return answer;
      } finally {
        use.underWay.delete(sending);
      }
    },
    /** A token that has served no call was not used up, so the next one would fare no better. */
    isSpent: async (token: Redacted): Promise<boolean> => {
      const use = useOf(token);
      await Promise.allSettled(use.underWay);
      if (!use.hasServed || isKnown === undefined) return use.hasServed;
      use.isSpent ||= !(await isKnown(token));
      return use.isSpent;
    },
  };
}
