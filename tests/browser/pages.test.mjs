// What reports and questions to send are like for the people who get them: axe-core finds nothing in the light or in the dark, nothing is fetched,
// nothing fails, nothing runs off a narrow screen, and the executive report prints on two pages.
//
// `tests/run` says where the binary, the tools and the folder for pages and pictures are.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { READINESS, BROWSER_TOOLS, BROWSER_OUT } = process.env;
const require = createRequire(join(BROWSER_TOOLS, 'node_modules', 'x.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core'), 'utf8');

// Chromium by itself asks for updates and the like; none of it may reach the network.
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const A4 = { format: 'A4', preferCSSPageSize: true };

const pages = join(BROWSER_OUT, 'pages');
const pictures = join(BROWSER_OUT, 'pictures');
mkdirSync(pages, { recursive: true });
mkdirSync(pictures, { recursive: true });

const env = {
  ...process.env,
  READINESS_STORE: join(pages, 'readiness.db'),
  READINESS_NOW: '2026-09-02T09:00:00Z',
  READINESS_BY: 'Anna Berg',
};

function readiness(...args) {
  return execFileSync(READINESS, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

// The sample customer, for every audience; and one whose every word is an attack on the page.
const ATTACK = '<script>alert(1)</script> <img src=https://example.com/x.png onerror=alert(2)> [x](javascript:alert(3)) ![y](https://example.com/y.png) '
  + '{{ 7 * 7 }} {% raw %} "onfocus="alert(4) </title></style> &amp; \u202e | # $(reboot) ' + 'W'.repeat(200);
readiness('demo', '--dir', pages);
readiness('report', 'contoso', '--format', 'html', '--audience', 'internal', '-o', pages);
readiness('prepare', 'contoso', '-o', pages);
readiness('customer', 'add', 'attack', '--name', ATTACK.slice(0, 190), '--seats', '900');
readiness('answer', 'attack', 'fit.cloud_environment', 'gcc_high', `--note=${ATTACK}`, `--private-note=${ATTACK}`);
readiness('prepare', 'attack', '-o', pages);
for (const audience of ['executive', 'internal']) {
  readiness('report', 'attack', '--format', 'html', '--audience', audience, '-o', pages);
}
readiness('brief', 'attack', '--format', 'html', '-o', pages);
readiness('phase', 'record', 'contoso', '--format', 'html', '-o', pages);
readiness('portfolio', '--director', '--format', 'html', '-o', join(pages, 'portfolio.html'));

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
});
after(async () => {
  await browser?.close();
});

/** Opens a page and hands it to `look`, then holds against it that it asked for nothing and complained of nothing. */
async function open(file, options, look) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const asked = [];
  const complaints = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  try {
    const address = pathToFileURL(join(pages, file)).href;
    await page.goto(address, { waitUntil: 'load' });
    await look(page);
    assert.deepEqual(asked, [address], 'it fetches something');
    assert.deepEqual(complaints, [], 'the console shows something');
  } finally {
    await context.close();
  }
}

/** Returns what axe-core finds. */
async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run());
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' · ').slice(0, 500)}`);
}

const width = (page) => page.evaluate(() => document.documentElement.scrollWidth);

const picture = (file, kind) => join(pictures, `${file.replace(/\.html$/, '')}-${kind}.png`);

const files = readdirSync(pages).filter((file) => file.endsWith('.html'));
test('there are pages to look at', () => assert.ok(files.length === 10, files.join(', ')));

test('what these tests look for they find', async () => {
  const bad = '<img src="nowhere.png"><p style="color: #ddd; width: 900px">Pale and wide</p><script>console.error("loud")</script>';
  mkdirSync(join(pages, 'bad'), { recursive: true });
  writeFileSync(join(pages, 'bad', 'page.html'), bad);
  const look = async (page) => {
    assert.match((await violations(page)).join(), /image-alt.*color-contrast|color-contrast.*image-alt/);
    assert.ok((await width(page)) > 320);
  };
  await assert.rejects(open('bad/page.html', { viewport: { width: 320, height: 640 } }, look), /fetches something/);
  writeFileSync(join(pages, 'bad', 'page.html'), bad.replace(/<img.*?>/, ''));
  await assert.rejects(open('bad/page.html', {}, () => {}), /console shows something/);
});

for (const file of files) {
  for (const colorScheme of ['light', 'dark']) {
    test(`${file} is open to everybody, ${colorScheme}`, () =>
      open(file, { colorScheme, viewport: { width: 1280, height: 900 } }, async (page) => {
        await page.screenshot({ path: picture(file, colorScheme), fullPage: true });
        assert.deepEqual(await violations(page), []);
      }));
  }

  test(`${file} fits a screen of 320 pixels`, () =>
    open(file, { viewport: { width: 320, height: 640 } }, async (page) => {
      await page.screenshot({ path: picture(file, 'narrow'), fullPage: true });
      assert.ok((await width(page)) <= 320, `it is ${await width(page)} pixels wide`);
    }));

  test(`${file} prints`, () =>
    open(file, {}, async (page) => {
      const paper = join(pages, file.replace(/\.html$/, '.pdf'));
      await page.pdf({ ...A4, path: paper });
      const count = Number(/^Pages:\s+(\d+)/m.exec(execFileSync('pdfinfo', [paper], { encoding: 'utf8' }))[1]);
      execFileSync('pdftoppm', ['-r', '60', '-png', paper, picture(file, 'paper').replace(/\.png$/, '')]);
      if (file.includes('executive')) assert.ok(count <= 2, `${count} pages`);
    }));
}
