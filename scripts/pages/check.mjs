// Renders pages in headless Chromium, narrow and wide, light and dark, and checks their
// accessibility with axe. See --help.
import { readFileSync, mkdirSync, existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const HELP = `usage: check.mjs OUT PAGE.html...

Writes OUT/NAME-WIDTH-SCHEME.png of each page at 1280 and 400 pixels, light and dark, and tells
what axe finds, what is asked of the network, what is wider than the page and what is larger than
2 MB. Exit code 1 if there is anything. Needs Debian's chromium (or CHROMIUM=path).`;

const [out, ...pages] = process.argv.slice(2);
if (!out || out === "--help" || pages.length === 0) {
  console.log(HELP);
  process.exit(out === "--help" ? 0 : 2);
}
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(executablePath)) {
  console.error(`check.mjs: no ${executablePath}; install Debian's chromium or set CHROMIUM`);
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
let faults = 0;
const fault = (text) => {
  faults++;
  console.log(`  ${text}`);
};
for (const page of pages) {
  const file = resolve(page);
  const size = statSync(file).size;
  console.log(`${page}: ${(size / 1024).toFixed(0)} kB`);
  if (size > 2 * 1024 * 1024) fault(`larger than 2 MB`);
  for (const width of [1280, 400]) {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme,
        bypassCSP: true, // for axe alone: pages allow no script
      });
      const tab = await context.newPage();
      const asked = [];
      tab.on("request", (r) => r.url() !== pathToFileURL(file).href && asked.push(r.url()));
      tab.on("console", (m) => m.type() === "error" && fault(`console: ${m.text()}`));
      await tab.goto(pathToFileURL(file).href);
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) fault(`${width} ${colorScheme}: ${wide} pixels wide`);
      asked.forEach((url) => fault(`asks for ${url}`));
      await tab.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
      await tab.evaluate(axe);
      const result = await tab.evaluate(() => axe.run());
      for (const v of result.violations) {
        fault(`${width} ${colorScheme}: ${v.id} (${v.impact}), ${v.nodes.length} times: ${v.help}`);
        v.nodes.slice(0, 2).forEach((n) => console.log(`    ${n.html.slice(0, 160)}`));
      }
      await tab.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = false)));
      const stem = `${basename(dirname(dirname(file)))}-${basename(file, ".html")}`;
      await tab.screenshot({ path: join(out, `${stem}-${width}-${colorScheme}.png`), fullPage: true });
      await context.close();
    }
  }
}
await browser.close();
console.log(faults === 0 ? "no faults" : `${faults} faults`);
process.exit(faults === 0 ? 0 : 1);
