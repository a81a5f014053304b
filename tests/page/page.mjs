// SPDX-License-Identifier: MIT
// Reports in a real browser: page.mjs CHROMIUM PAGE.html.. (SHOTS=FOLDER keeps pictures.)
// Nothing here knows what a page should say; only that it can be read and used.
import { createRequire } from "node:module";
import path from "node:path";
const require = createRequire(path.join(process.cwd(), "package.json"));
const puppeteer = require("puppeteer-core");
const axeSource = require("axe-core").source;

const [chromium, ...pages] = process.argv.slice(2);
const shots = process.env.SHOTS;
let checks = 0, failed = 0;
function ok(what, holds, more = "") {
	checks++;
	if (holds) return;
	failed++;
	console.error(`FAILED: ${what}${more ? `: ${more}` : ""}`);
}

const browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: ["--no-sandbox", "--disable-gpu"] });

async function open(file, { width, dark = false, scripts = true }) {
	const page = await browser.newPage();
	page.errors = [];
	page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()));
	page.on("pageerror", (error) => page.errors.push(String(error)));
	page.on("request", (request) => /^(file|data):/.test(request.url()) || page.errors.push(`asks for ${request.url()}`));
	await page.setJavaScriptEnabled(scripts);
	await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }]);
	await page.setViewport({ width, height: 900 });
	await page.goto(`file://${path.resolve(file)}`, { waitUntil: "load" });
	return page;
}

async function shoot(page, name) {
	if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: false });
}

for (const file of pages) {
	const name = path.basename(path.dirname(path.resolve(file)));
	for (const width of [390, 800, 1400]) {
		const page = await open(file, { width });
		const seen = await page.evaluate(() => ({
			inner: window.innerWidth,
			scroll: document.documentElement.scrollWidth,
			wide: [...document.querySelectorAll("body *")].filter((e) => {
				const box = e.getBoundingClientRect();
				return box.right > window.innerWidth + 1 && box.width > 0 && !e.closest(".wide") && !e.closest("svg");
			}).map((e) => `${e.tagName}.${e.className}`).slice(0, 3),
			tall: [...document.querySelectorAll("figure")].map((f) => f.getBoundingClientRect())
				.filter((b) => b.width < Math.min(340, window.innerWidth - 40)).length,
			cut: [...document.querySelectorAll("figure svg text")].filter((t) => {
				const box = t.getBoundingClientRect(), all = t.closest("svg").getBoundingClientRect();
				return box.width > 0 && (box.left < all.left - 1 || box.right > all.right + 1 || box.top < all.top - 1 || box.bottom > all.bottom + 1);
			}).map((t) => t.textContent).slice(0, 3),
		}));
		ok(`${name}: the page saw ${width} px`, seen.inner === width, seen.inner);
		ok(`${name}: nothing overflows at ${width} px`, seen.scroll <= width && seen.wide.length === 0, `${seen.scroll} ${seen.wide}`);
		ok(`${name}: figures fill their room at ${width} px`, seen.tall === 0, seen.tall);
		ok(`${name}: no text leaves its figure at ${width} px`, seen.cut.length === 0, seen.cut.join(" | "));
		ok(`${name}: no error at ${width} px`, page.errors.length === 0, page.errors.join("; "));
		await shoot(page, `${name}-${width}`);
		await page.close();
	}
	const page = await open(file, { width: 1400 });
	const top = await page.evaluate(() => document.querySelector("main li strong")?.getBoundingClientRect().top ?? -1);
	const answers = await page.evaluate(() => document.querySelectorAll("main li strong").length);
	ok(`${name}: the answer is on the first screen`, answers === 0 || (top > 0 && top < 540), top);
	ok(`${name}: two figures a row`, await page.evaluate(() => {
		const boxes = [...(document.querySelector(".figures")?.children ?? [])].map((f) => f.getBoundingClientRect().top);
		return boxes.length < 2 || boxes[0] === boxes[1];
	}));
	ok(`${name}: no id twice`, await page.evaluate(() => {
		const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
		return new Set(ids).size === ids.length;
	}));
	const hovers = await page.evaluate(() => [...document.querySelectorAll("figure svg g > title")].map((t) => t.textContent));
	const figures = await page.evaluate(() => document.querySelectorAll("figure svg").length);
	ok(`${name}: points say what they are`, figures === 0 || hovers.some((t) => /^\S+, [\d.]+ ([KMG]i)?B: .*\n95 %: /.test(t)), hovers[0]);
	ok(`${name}: and none expects a script beside`, await page.evaluate(() => !document.documentElement.outerHTML.includes("gnuplot_svg")));

	for (const table of await page.$$("table.sorted")) {
		const heads = await table.$$("thead button");
		const rows = await table.$$eval("tbody tr", (all) => all.length);
		ok(`${name}: columns can be sorted`, heads.length > 0);
		for (const [i, head] of heads.entries()) {
			for (const order of ["ascending", "descending"]) {
				await head.evaluate((b) => b.click());
				const got = await table.evaluate((t, column) => ({
					state: t.tHead.rows[0].cells[column].getAttribute("aria-sort"),
					numbers: [...t.tBodies[0].rows].map((r) => r.cells[column].dataset.v).filter((v) => v !== undefined).map(Number),
					texts: [...t.tBodies[0].rows].filter((r) => r.cells[column].dataset.v === undefined).map((r) => r.cells[column].textContent),
				}), i);
				const sign = order === "ascending" ? 1 : -1;
				ok(`${name}: column ${i} ${order}`, got.state === order &&
					got.numbers.every((v, k) => k === 0 || sign * (v - got.numbers[k - 1]) >= 0) &&
					got.texts.every((v, k) => k === 0 || sign * v.localeCompare(got.texts[k - 1]) >= 0));
			}
		}
		const field = await page.$(".filter input");
		const word = await table.$eval("tbody tr:last-child td:nth-child(2)", (cell) => cell.textContent);
		await field.type(word);
		const left = await table.evaluate((t) => [...t.tBodies[0].rows].filter((r) => !r.hidden).map((r) => r.textContent));
		ok(`${name}: the filter leaves rows that have the word`, left.length > 0 && left.every((text) => text.includes(word)));
		ok(`${name}: and says how many`, await page.$eval(".filter span", (s, n) => s.textContent.startsWith(`${n} of `), left.length));
		await field.evaluate((f) => { f.value = ""; f.dispatchEvent(new Event("input")); });
		ok(`${name}: an empty filter shows all`, await table.evaluate((t) => [...t.tBodies[0].rows].every((r) => !r.hidden)) && rows > 0);
	}
	await page.close();

	const plain = await open(file, { width: 800, scripts: false });
	// puppeteer's own evaluation needs no scripts of the page.
	const without = await plain.$$eval("table.sorted", (all) => ({
		buttons: all.reduce((n, t) => n + t.querySelectorAll("button, input").length, 0),
		hidden: all.some((t) => [...t.tBodies[0].rows].some((r) => r.getBoundingClientRect().height === 0)),
	}));
	ok(`${name}: without scripts no control that does nothing, and every row`, without.buttons === 0 && !without.hidden);
	ok(`${name}: nor a filter`, (await plain.$$(".filter")).length === 0);
	await plain.close();

	for (const dark of [false, true]) {
		const looked = await open(file, { width: 1400, dark });
		await looked.evaluate(axeSource);
		// What is folded is read, too.
		await looked.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
		const found = await looked.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }));
		for (const violation of found.violations)
			ok(`${name}: accessibility, ${dark ? "dark" : "light"}`, false, `${violation.id}: ${violation.help} (${violation.nodes.length}): ${violation.nodes[0].html.slice(0, 160)}`);
		ok(`${name}: accessibility was looked at, ${dark ? "dark" : "light"}`, found.passes.length > 10 && found.passes.some((rule) => rule.id === "color-contrast"), found.passes.length);
		await looked.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = false; }));
		await shoot(looked, `${name}-1400-${dark ? "dark" : "light"}`);
		await looked.close();
	}
}
await browser.close();
console.log(`${checks} checks, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
