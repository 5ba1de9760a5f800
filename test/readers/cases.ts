// Test side: neutral dotenv texts, one of each kind on which readers are known to agree or not, and what is made of each here.

import type { Fault } from "../../provider/sources/documents/dotenv-faults.js";
import type { Reader } from "./readers.js";

/** Values, or why there are none. */
export type Verdict = Readonly<Record<string, string>> | Fault;

export interface Case {
  readonly text: string;
  /** Without a dialect, and nothing said about references. */
  readonly common: Verdict;
  /** Readers whose answer differs from an accepted one, and why it is accepted all the same. */
  readonly apart?: { readonly readers: readonly Reader[]; readonly why: string };
}

const raw = String.raw;
const comment = "to a person it is a comment";
const hash = "the shape of a password hash, and not the name of a key";
const expanders: readonly Reader[] = ["godotenv", "Compose"];

export const cases: Readonly<Record<string, Case>> = {
  "a plain value": { text: "A=one", common: { A: "one" } },
  "spaces around the parts": { text: "A = one ", common: { A: "one" } },
  "an exported variable": { text: "export A=one", common: { A: "one" } },
  "an empty value": { text: "A=\nB=''\nC=\"\"", common: { A: "", B: "", C: "" } },
  "an empty value before spaces": {
    text: "A= \nB=1",
    common: { A: "", B: "1" },
    apart: { readers: ["Node 24"], why: "Node 24 takes the next line for the value" },
  },
  "an empty value before a comment": {
    text: "A= # why\nB=1",
    common: { A: "", B: "1" },
    apart: { readers: expanders, why: comment },
  },
  "a # after spaces where the value begins": { text: "A= #one", common: "hashFirst" },
  "a # right after =": { text: "A=#one", common: "hash" },
  "a # inside an unquoted value": { text: "A=one#two", common: "hash" },
  "a comment": { text: "A=one # why", common: { A: "one" } },
  "a comment with another # in it": {
    text: "A=one # see #12",
    common: { A: "one" },
    apart: { readers: ["godotenv"], why: comment },
  },
  "a comment with a spaced # in it": {
    text: "A=one # see # this",
    common: { A: "one" },
    apart: { readers: ["godotenv"], why: comment },
  },
  "a comment after a tab": {
    text: "A=one\t# why",
    common: { A: "one" },
    apart: { readers: ["Compose", "Node 20"], why: comment },
  },
  "a comment right after a quote": { text: "A=\"one\"#why\nB='two'#why", common: { A: "one", B: "two" } },
  "a comment with quotes after a quote": { text: "A='one' # it's \"why\"", common: { A: "one" } },
  "a # between quotes": { text: "A='one # two'\nB=\"x#y\"", common: { A: "one # two", B: "x#y" } },
  "quotes inside an unquoted value": { text: 'A=it\'s "so"', common: { A: 'it\'s "so"' } },
  "quotes inside other quotes": { text: 'A=\'"x"\'\nB="it\'s"', common: { A: '"x"', B: "it's" } },
  "a value over several lines": { text: 'A="one\n# two\nB=3"\nC=4', common: { A: "one\n# two\nB=3", C: "4" } },
  "Windows line ends": { text: "A=one\r\nB='two'\r\n", common: { A: "one", B: "two" } },
  "Windows line ends between quotes": {
    text: "A='one\r\ntwo'\r\n",
    common: { A: "one\ntwo" },
    apart: { readers: ["Compose"], why: "a line break is a line break" },
  },
  "a lone carriage return": { text: "A=one\rB=two", common: "carriage" },
  backticks: { text: "A=`one`", common: "backtick" },
  "text after a closing quote": { text: "A='one' two", common: "trailing" },
  "three quotes": { text: 'A="""one"""', common: "trailing" },
  "a quote never closed": { text: "A='one", common: "unclosed" },
  "a no-break space at the end": { text: "A=one\u00a0", common: "invisible" },
  "a no-break space at the start": { text: "A=\u00a0one", common: "invisible" },
  "a no-break space inside": { text: "A=one\u00a0two", common: { A: "one\u00a0two" } },
  "two equal lines": { text: "A=one\nA=one", common: { A: "one" } },

  "an escaped line break": { text: raw`A="one\ntwo"`, common: { A: "one\ntwo" } },
  "an escaped line break between single quotes": { text: raw`A='one\ntwo'`, common: { A: raw`one\ntwo` } },
  "JSON with escaped quotes": { text: raw`A="{\"a\":1}"`, common: "escapedQuote" },
  "an escaped single quote": { text: raw`A='it\'s'`, common: "escapedQuote" },
  "a path with doubled backslashes": { text: raw`A="C:\\x"`, common: "doubleBackslash" },
  "doubled backslashes between single quotes": { text: raw`A='C:\\x'`, common: "doubleBackslash" },
  "doubled backslashes without quotes": { text: raw`A=C:\\x`, common: { A: raw`C:\\x` } },
  "a service account": { text: raw`A='{"private_key":"-----BEGIN\\nx"}'`, common: "doubleBackslash" },
  "a service account between double quotes": {
    text: raw`A="{\"private_key\":\"-----BEGIN\\nx\"}"`,
    common: "escapedQuote",
  },
  "a service account as it is downloaded": {
    text: raw`A='{"private_key":"-----BEGIN\nx"}'`,
    common: { A: raw`{"private_key":"-----BEGIN\nx"}` },
  },
  "an escaped carriage return": { text: raw`A="one\rtwo"`, common: "escape" },
  "an escaped tab": { text: raw`A="one\ttwo"`, common: "escape" },
  "a backslash that escapes nothing": { text: raw`A="C:\dir"`, common: "escape" },
  "a backslash between single quotes": { text: raw`A='C:\dir'`, common: { A: raw`C:\dir` } },
  "a backslash without quotes": { text: raw`A=C:\dir`, common: { A: raw`C:\dir` } },
  "a backslash at the end without quotes": { text: "A=C:\\dir\\", common: { A: "C:\\dir\\" } },
  "a backslash at the end between single quotes": { text: raw`A='C:\dir\'`, common: "lastBackslash" },
  "an escaped dollar": { text: raw`A="Money\$"`, common: "escapedDollar" },
  "an escaped dollar without quotes": { text: raw`A=Money\$`, common: "escapedDollar" },
  "an escaped dollar between single quotes": { text: raw`A='Money\$'`, common: { A: raw`Money\$` } },

  "a reference": { text: "B=one\nA=x${B}y", common: "reference" },
  "a reference between double quotes": { text: 'B=one\nA="x${B}y"', common: "reference" },
  "a reference between single quotes": {
    text: "B=one\nA='x${B}y'",
    common: { B: "one", A: "x${B}y" },
    apart: { readers: ["python-dotenv, interpolating"], why: "single quotes say that it is text" },
  },
  "a reference without braces": { text: "B=one\nA=x$B", common: "reference" },
  "a reference to a key that comes later": { text: "A=${B}\nB=one", common: "reference" },
  "a reference to no key": { text: "A=${B}", common: "reference" },
  "a reference with a default": { text: "A=${B:-one}", common: "reference" },
  "a reference with a default in a default": { text: "A=${B:-${C:-one}}", common: "reference" },
  "a reference that is required": { text: "A=${B?it is missing}", common: "reference" },
  "a reference to App Platform": { text: "A=${db.DATABASE_URL}", common: "reference" },
  "braces with nothing in them": { text: "A=${}", common: "reference" },
  "a command": { text: "A=$(cat file)", common: "command" },
  "two dollars before a reference": { text: "B=one\nA=x$$B", common: "reference" },
  "a password with two dollars": {
    text: "A=pa$$word",
    common: { A: "pa$$word" },
    apart: { readers: ["Compose"], why: "only Docker Compose takes two $ for one" },
  },
  "a password with a dollar": {
    text: "A=pa$word",
    common: { A: "pa$word" },
    apart: { readers: ["Compose"], why: "no key of that name is there" },
  },
  "a dollar before a digit": {
    text: "A=$5",
    common: { A: "$5" },
    apart: { readers: ["godotenv"], why: "no name begins with a digit" },
  },
  "a dollar at the end": { text: "A=one$\nB=$ two", common: { A: "one$", B: "$ two" } },
  "a bcrypt hash": {
    text: "A=$2b$10$abcdefghij",
    common: { A: "$2b$10$abcdefghij" },
    apart: { readers: expanders, why: hash },
  },
  "an argon2 hash": {
    text: "A=$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
    common: { A: "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA" },
    apart: { readers: ["Compose"], why: hash },
  },
  "a line of htpasswd": {
    text: "A=user:$apr1$abc$def",
    common: { A: "user:$apr1$abc$def" },
    apart: { readers: ["Compose"], why: hash },
  },
};
