// SPDX-License-Identifier: Apache-2.0
// Usage: node numbers.mjs PROGRAM
// Checks each line of tests/json/numbers.c against this JavaScript engine.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const view = new DataView(new ArrayBuffer(8));
const counts = { b: 0, t: 0 };
let wrong = 0;

function judge(line) {
  const [kind, given, text] = line.split(" ");
  let want;
  if (kind === "b") {
    view.setBigUint64(0, BigInt("0x" + given));
    want = String(view.getFloat64(0));
  } else {
    want = String(Math.abs(Number(given)) === Infinity ? Infinity : Number(given));
  }
  counts[kind]++;
  if (text === want) return;
  wrong++;
  if (wrong <= 20) console.log(`${kind} ${given}: got ${text}, want ${want}`);
}

const program = spawn(process.argv[2], { stdio: ["ignore", "pipe", "inherit"] });
const exited = new Promise((resolve) => program.on("close", resolve));
for await (const line of createInterface({ input: program.stdout })) judge(line);
const code = await exited;
console.log(`${counts.b} doubles printed, ${counts.t} texts read, ${wrong} wrong`);
process.exit(code === 0 && wrong === 0 && counts.b > 200000 && counts.t > 200000 ? 0 : 1);
