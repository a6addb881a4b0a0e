// Seals or opens one file with npm's age-encryption: node age_interop.mjs MODULES seal|open KEY INPUT OUTPUT
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, task, key, input, output] = process.argv.slice(2);
const resolve = createRequire(modules + "/").resolve;
const age = await import(pathToFileURL(resolve("age-encryption")).href);
const data = new Uint8Array(readFileSync(input));
if (task === "seal") {
  const encrypter = new age.Encrypter();
  encrypter.addRecipient(key);
  writeFileSync(output, await encrypter.encrypt(data));
} else {
  const decrypter = new age.Decrypter();
  decrypter.addIdentity(key);
  writeFileSync(output, await decrypter.decrypt(data));
}
