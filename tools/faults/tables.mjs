// Pure: what became of the cases of the fault grid, as lines of text.

/** @typedef {{ variant: string, operation: string, request: string, fault: string, lasting: boolean, verdict: string, complaints: string[], firstRun: string, secondRun: string }} Row */

const legend = [
  "ok1: the run itself went through. ok2: it failed or was killed, and one more up converged.",
  "adopt: a create was killed after its write; one more up named the keys and how to adopt them.",
  "deploy: nothing that we write can bring it live there; one more up said so, and to deploy it once by other means.",
];
const verdicts = ["ok1", "ok2", "adopt", "deploy", "FAIL"];

/** One table per operation: requests down, faults across. @param {Row[]} rows @returns {string[]} */
export function describeGrid(rows) {
  const struck = rows.filter(({ request }) => request !== "");
  const titleOf = (/** @type {Row} */ { operation, lasting }) =>
    lasting ? `${operation}, from this request to the end of the run` : operation;
  return [...new Set(struck.map(titleOf))].sort().flatMap((title) => {
    const own = struck.filter((row) => titleOf(row) === title);
    const requests = [...new Set(own.map(({ request }) => request))];
    requests.sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
    const columns = [...new Set(own.map(({ fault }) => fault))].sort();
    const cells = requests.map((request) => [
      request,
      ...columns.map((fault) => own.find((row) => row.request === request && row.fault === fault)?.verdict ?? ""),
    ]);
    return [title, ...layOut([["", ...columns], ...cells]), ""];
  });
}

/** Switches down, operations across. @param {Row[]} rows @returns {string[]} */
export function describeMatrix(rows) {
  const isAlone = (/** @type {Row} */ { variant }) => !variant.includes(" ");
  const operations = [...new Set(rows.map(({ operation }) => operation))];
  /** @param {string} title @param {Row[]} own */
  const lineOf = (title, own) => [
    title,
    ...operations.map((name) => cellOf(own.filter((row) => row.operation === name))),
  ];
  const alone = [...new Set(rows.filter(isAlone).map(({ variant }) => variant))];
  const combined = rows.filter((row) => !isAlone(row));
  const combinations = new Set(combined.map(({ variant }) => variant)).size;
  return [
    "What App Platform does not document: each switch alone, and many at once",
    ...layOut([
      ["", ...operations.map((_, index) => String(index + 1))],
      ...alone.map((variant) =>
        lineOf(
          variant,
          rows.filter((row) => row.variant === variant),
        ),
      ),
      lineOf(`${combinations} combinations`, combined),
    ]),
    "",
    ...operations.map((name, index) => `  ${index + 1} ${name}`),
    "",
  ];
}

/** How many failed, else `ok`. @param {Row[]} rows */
function cellOf(rows) {
  const failed = rows.filter(({ verdict }) => verdict === "FAIL").length;
  return rows.length === 0 ? "" : failed === 0 ? "ok" : `${failed}!`;
}

/** @param {Row[]} rows @returns {string[]} */
export function describeFailures(rows) {
  return rows
    .filter(({ verdict }) => verdict === "FAIL")
    .flatMap(({ variant, operation, request, fault, lasting, firstRun, secondRun, complaints }) => [
      `FAIL ${[operation, request, `${fault}${lasting ? ", lasting" : ""}`, firstRun, secondRun].join(" | ")}`,
      `     npm run faults -- ${variant}`,
      ...complaints.map((complaint) => `     ${complaint}`),
    ]);
}

/** @param {Row[]} rows @returns {string[]} */
export function describeSums(rows) {
  const sums = verdicts.map((name) => `${rows.filter(({ verdict }) => verdict === name).length} ${name}`);
  return [...legend, "", `${rows.length} cases: ${sums.join(", ")}`];
}

/** @param {string[][]} lines @returns {string[]} */
function layOut(lines) {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => (line[at] ?? "").length)));
  return lines.map(
    (line) =>
      `  ${line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd()}`,
  );
}
