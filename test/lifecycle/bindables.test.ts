// Values that refer to parts of the app: a name that the app does not have is refused before anything is written.

import { expect, test } from "vitest";
import { unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { openStack, puts, sync, valuesAt } from "./stack.js";

async function shop() {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({
    name: "shop",
    services: [
      { name: "web", log_destinations: [{ name: "archive", papertrail: { endpoint: "logs.example.com:1" } }] },
    ],
    functions: [{ name: "api" }],
    databases: [{ name: "db", engine: "PG" }],
  });
  const program = (value: unknown, more = {}) => [
    sync("web", { URL: value }, { destination: { appId, allowBindables: true, ...more } }),
  ];
  return { stack, appId, program };
}

test.each([
  "${APP_URL} ${APP_DOMAIN} ${APP_ID}",
  "${_self.PRIVATE_URL}",
  "https://${web.PUBLIC_URL}/${api.COMMIT_HASH}",
  "${db.DATABASE_URL}",
  "${db.pool-1.DATABASE_URL}",
  "${archive.ENDPOINT}",
  "no reference: ${, ${}, ${dbb, $dbb.X, ${db b.X}, ${dbb.}, ${.X}, $(dbb.X)",
])("%s is written as it is", async (value) => {
  const { stack, appId, program } = await shop();
  expect((await stack.preview(program(value))).problems).toBe("");
  expect((await stack.up(program(value))).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ URL: value });
});

test.each([
  ["${dbb.CA_CERT}", ["dbb"]],
  ["postgres://${DB.USERNAME}:${DB.PASSWORD}@${db.HOSTNAME}", ["DB"]],
  ["${bd.pool.DATABASE_URL}${wep.PUBLIC_URL}", ["bd", "wep"]],
])("%s is refused by the name in it", async (text, names) => {
  const { stack, program } = await shop();
  const value = `${stack.secret("beside")}${text}`;
  for (const variableType of ["SECRET", "GENERAL"]) {
    for (const run of [
      await stack.preview(program(value, { variableType })),
      await stack.up(program(value, { variableType })),
    ]) {
      for (const name of names) {
        expect(run.problems).toContain(
          `value.unknown_bindable: URL refers to "\${${name}.…}", and the app has no component or database of that name; it has api, archive, db, web; correct the name in the value`,
        );
      }
      expect(run.problems).not.toMatch(/CA_CERT|PASSWORD|HOSTNAME|pool|postgres/);
      expect(puts(run)).toBe(0);
    }
  }
});

test("an app without components and databases has none to refer to", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "bare" });
  const run = await stack.preview([
    sync("web", { URL: "${db.URL}" }, { destination: { appId, allowBindables: true } }),
  ]);
  expect(run.problems).toContain("; it has none; ");
});

test("nothing is judged while the app is not known yet", async () => {
  const { stack, program } = await shop();
  expect((await stack.preview(program("${dbb.CA_CERT}", { appId: unknownValue }))).problems).toBe("");
});

test("a component that loses its name is told by the values that refer to it", async () => {
  const { stack, appId, program } = await shop();
  expect((await stack.up(program("${api.PUBLIC_URL}"))).problems).toBe("");
  stack.cloud.editConsole(appId, (spec) => {
    for (const one of spec.functions ?? []) one.name = "core";
  });
  stack.cloud.settle(appId);
  expect((await stack.preview(program("${api.PUBLIC_URL}"))).problems).toMatch(
    /"\$\{api\.…\}".*it has archive, core, db, web/,
  );
});
