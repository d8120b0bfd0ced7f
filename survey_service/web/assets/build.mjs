// `npm run build`: compiles scss/ and js/ into survey_service/web/static/. Every file carries a hash of
// its content in its name, so that it can be cached for ever; manifest.json maps plain to hashed names.

import { createHash } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import postcss from "postcss";
import * as sass from "sass";

import { logical } from "./logical.mjs";

const assets = dirname(fileURLToPath(import.meta.url));
const root = join(assets, "../../..");
const target = join(assets, "../static");
const modules = join(root, "node_modules");

// The Ministry of Justice's sheets still use a mixin that GOV.UK has deprecated; nothing here can mend that.
const logger = {
  warn: (message) => message.includes("`govuk-text-colour` mixin") || console.warn(message),
};

async function styleSheet(name) {
  const loadPaths = [modules, root];
  const options = { charset: false, loadPaths, logger, quietDeps: true, style: "compressed" };
  const { css } = sass.compile(join(assets, "scss", `${name}.scss`), options);
  return (await postcss([logical()]).process(css, { from: undefined })).css;
}

async function script(name) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(assets, "js", `${name}.js`)],
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    legalComments: "none",
    minify: true,
    nodePaths: [modules],
    target: ["es2020"],
    write: false,
  });
  return outputFiles[0].text;
}

const built = {
  "respondent.css": await styleSheet("respondent"),
  "staff.css": await styleSheet("staff"),
  "respondent.js": await script("respondent"),
  "proof.js": await script("proof"),
  "staff.js": await script("staff"),
};

await mkdir(target, { recursive: true });
const manifest = {};
for (const [name, content] of Object.entries(built)) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const hashed = name.replace(".", `.${hash}.`);
  manifest[name] = hashed;
  await writeFile(join(target, hashed), content);
}
// The manifest last: a server that starts during a build never reads a name that is not there yet.
await writeFile(join(target, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

const current = new Set([...Object.values(manifest), "manifest.json"]);
for (const file of await readdir(target)) {
  if (!current.has(basename(file))) await rm(join(target, file), { recursive: true });
}
