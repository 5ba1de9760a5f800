// Pure: the variables of a site as arguments that would keep them.

import { redact } from "../../redacted.js";
import type { Destination } from "../../../schema/index.js";
import type { VariableLister } from "../variable-lister.js";
import { allSlot, readContext } from "./contexts.js";
import type { View } from "./live/view.js";

export const variableLister: VariableLister<"netlify"> = {
  address: (target) => ({ type: "netlify", siteId: target }),
  listVariables: (destination, snapshot) => {
    const { variables } = snapshot.document as View;
    const slots = [...new Set(variables.flatMap(({ values }) => values.map(({ slot }) => slot)))].sort();
    return slots.map((slot) => {
      const { context, context_parameter: branch } = readContext(slot);
      // Parsing the arguments finds a name that a sync does not know.
      const own = { contexts: [branch === undefined ? context : { context, branch }] } as Partial<Destination>;
      const entries = variables.flatMap(({ key, isSecret, scopes, values }) => {
        const found = values.find((one) => one.slot === slot);
        if (found === undefined) return [];
        return { key, value: found.masked ? undefined : redact(found.value), settings: { isSecret, scopes } };
      });
      // By id: a domain may move to another site.
      const args = { ...destination, siteId: snapshot.targetId, ...own } as Destination;
      return { slot, name: slot === allSlot ? undefined : (branch ?? context), destination: args, entries };
    });
  },
};
