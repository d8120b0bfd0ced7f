// `npm run build`: compiles scss/ and js/ into survey_service/web/static/. Every file carries a hash of
// its content in its name, so that it can be cached for ever; manifest.json maps plain to hashed names.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
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

async function script(name, format = "esm") {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(assets, "js", `${name}.js`)],
    absWorkingDir: root,
    bundle: true,
    format,
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
  "tablet.js": await script("tablet"),
  // Browsers do not load a service worker as a module everywhere yet.
  "tablet-worker.js": await script("tablet-worker", "iife"),
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

// Fonts of documents, which no page ever loads: two weights of each script, one of Chinese and Japanese, whose
// fonts take a megabyte each. Their licence goes with them.
const fonts = {
  "noto-sans": ["latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "greek-ext", "devanagari"],
  "noto-sans-arabic": ["arabic"],
  "noto-nastaliq-urdu": ["arabic"],
  "noto-sans-bengali": ["bengali"],
  "noto-sans-gujarati": ["gujarati"],
  "noto-sans-gurmukhi": ["gurmukhi"],
  "noto-sans-tamil": ["tamil"],
  "noto-sans-jp": ["japanese"],
  "noto-sans-sc": ["chinese-simplified"],
  "noto-sans-tc": ["chinese-traditional"],
};
const hanFonts = new Set(["noto-sans-jp", "noto-sans-sc", "noto-sans-tc"]);
const fontTarget = join(assets, "../../fonts");
await rm(fontTarget, { recursive: true, force: true });
await mkdir(fontTarget, { recursive: true });
await copyFile(join(modules, "@fontsource/noto-sans/LICENSE"), join(fontTarget, "LICENSE"));
for (const [family, subsets] of Object.entries(fonts)) {
  for (const subset of subsets) {
    for (const weight of hanFonts.has(family) ? [400] : [400, 700]) {
      const source = join(modules, "@fontsource", family, "files", `${family}-${subset}-${weight}-normal.woff2`);
      const name = family === "noto-sans" ? `${family}-${subset}` : family;
      await copyFile(source, join(fontTarget, `${name}-${weight}.woff2`));
    }
  }
}

const current = new Set([...Object.values(manifest), "manifest.json"]);
for (const file of await readdir(target)) {
  if (!current.has(basename(file))) await rm(join(target, file), { recursive: true });
}
