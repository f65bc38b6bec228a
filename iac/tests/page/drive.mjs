// Uploads files through web/index.html like a person, in a headless Chromium.
//
//   node drive.mjs PAGE FOLDER FILE... [--drop] [--api ADDRESS] [--hurry] [--again]
//
// PAGE is the page's address. The files are chosen with the keyboard alone, or dropped onto the page
// (--drop). --api types an address into the settings first. --hurry lets the page's clock run faster, so that
// what takes it a minute does not take a test one. --again presses the button of each image that failed, once.
// When every image is ready or has failed, it prints one JSON object of what the page shows and writes
// light.png, dark.png and narrow.png into FOLDER; failed.png if the page does not get that far.
//
// The browser is the executable CHROMIUM, or the first one in PATH. Exits with 77 and the reason if there is
// no browser or no playwright-core or axe-core, which `make tools` installs; with 1 if the page does not get
// to an end.

import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';

const MISSING = 77;
// Not chromium-browser: on Ubuntu that is a stub for people without the snap.
const BROWSERS = ['google-chrome', 'google-chrome-stable', 'chromium'];
// What Playwright runs on.
const OLDEST_NODE = 20;
// Whatever talks to the network by itself, and whatever wants a screen.
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
// Real milliseconds until every image must be ready or have failed.
const PATIENCE = 90_000;
const LOOK_EVERY = 50;
// Milliseconds that a hurried clock advances at each look.
const STEP = 400;
const WIDE = { width: 1400, height: 900 };
const NARROW = { width: 360, height: 780 };

function missing(why) {
  console.error(why);
  process.exit(MISSING);
}

function browser() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of BROWSERS) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not this one.
      }
    }
  }
  return missing(`none of ${BROWSERS.join(', ')} is in PATH; install one, or name one in CHROMIUM`);
}

function tools() {
  const node = process.versions.node;
  if (Number.parseInt(node, 10) < OLDEST_NODE) {
    missing(`this is Node.js ${node}, and Playwright wants ${OLDEST_NODE} or newer`);
  }
  const require = createRequire(new URL('../../../target/tools/', import.meta.url));
  try {
    return {
      chromium: require('playwright-core').chromium,
      axe: readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'),
    };
  } catch (error) {
    return missing(`${error.message.split('\n')[0]}; \`make tools\` installs it`);
  }
}

// What a browser says a dropped file is.
const TYPES = { jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', gif: 'image/gif' };

// The chooser is waited for from the beginning: the browser opens a real one until it knows that somebody does.
async function chooseByKeyboard(page, chooser, files) {
  await page.evaluate(() => document.activeElement?.blur());
  for (let presses = 0; ; presses += 1) {
    if (presses === 20) throw new Error('the Tab key does not reach the file field');
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement?.type === 'file')) break;
  }
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(files);
}

async function drop(page, files) {
  const data = await page.evaluateHandle(() => new DataTransfer());
  for (const file of files) {
    const name = basename(file);
    await data.evaluate((transfer, [base64, filename, type]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], filename, { type }));
    }, [readFileSync(file, 'base64'), name, TYPES[name.split('.').pop()] ?? '']);
  }
  for (const event of ['dragenter', 'dragover', 'drop']) {
    await page.dispatchEvent('#drop', event, { dataTransfer: data });
  }
}

async function typeApi(page, address) {
  await page.locator('#settings summary').focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Address of the API').fill(address);
  await page.keyboard.press('Enter');
}

async function pressAgain(page) {
  for (const button of await page.locator('.problem button:visible').elementHandles()) {
    await button.focus();
    await page.keyboard.press('Enter');
  }
}

async function settled(page, count, hurry) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const states = await page.locator('.image').evaluateAll((cards) => cards.map((card) => card.dataset.state));
    if (states.length === count && states.every((state) => state === 'ready' || state === 'failed')) return;
    if (Date.now() > end) throw new Error(`after ${PATIENCE / 1000} s the images are: ${states.join(', ')}`);
    if (hurry) await page.clock.fastForward(STEP);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}

// What a person sees, image by image.
function shown() {
  const visible = (element) => (element?.checkVisibility() ? element.innerText.trim() : null);
  const side = (card, name) => {
    const image = card.querySelector(`.${name} img`);
    return {
      width: image?.naturalWidth ?? null,
      height: image?.naturalHeight ?? null,
      source: image?.src ?? null,
      link: image?.closest('a')?.href ?? null,
      alt: image?.alt ?? null,
      pixels: visible(card.querySelector(`.${name} .pixels`)),
      bytes: visible(card.querySelector(`.${name} .bytes`)),
    };
  };
  return {
    images: [...document.querySelectorAll('.image')].map((card) => ({
      name: visible(card.querySelector('.name')),
      state: card.dataset.state,
      status: visible(card.querySelector('.state')),
      what: visible(card.querySelector('.what')),
      why: visible(card.querySelector('.why')),
      again: visible(card.querySelector('.problem button')),
      original: side(card, 'original'),
      result: side(card, 'result'),
    })),
    summary: visible(document.querySelector('#summary')),
    target: visible(document.querySelector('#target')),
    wrong: visible(document.querySelector('#api-wrong')),
    news: [...document.querySelectorAll('#news p')].map((line) => line.textContent),
    address: location.href,
    passed: globalThis.passed,
  };
}

// The ids of the accessibility rules that the page breaks as it is now. Through the browser's own protocol,
// because the page lets no script in.
async function accessibility(page, axe) {
  const session = await page.context().newCDPSession(page);
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  await evaluate(`${axe};true`);
  const broken = await evaluate(
    'axe.run({resultTypes:["violations"]}).then(r=>r.violations.flatMap(v=>v.nodes.map(n=>v.id+": "+n.target.join(" "))))',
  );
  await session.detach();
  return broken;
}

async function looks(page, axe, folder) {
  const facts = { accessibility: {}, tooWide: {} };
  for (const [name, colorScheme, viewport] of [['light', 'light', WIDE], ['dark', 'dark', WIDE], ['narrow', 'light', NARROW]]) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize(viewport);
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    facts.accessibility[name] = await accessibility(page, axe);
    facts.tooWide[name] = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  }
  return facts;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { drop: { type: 'boolean' }, api: { type: 'string' }, hurry: { type: 'boolean' }, again: { type: 'boolean' } },
  });
  const [address, folder, ...files] = positionals;
  if (!folder) throw new Error('usage: node drive.mjs PAGE FOLDER FILE... [--drop] [--api ADDRESS] [--hurry] [--again]');
  const executablePath = browser();
  const { chromium, axe } = tools();
  mkdirSync(folder, { recursive: true });

  // In a profile of its own, which goes with it.
  const instance = await chromium.launch({ executablePath, args: FLAGS });
  try {
    const page = await instance.newPage({ viewport: WIDE });
    const refused = [];
    const errors = [];
    await page.exposeFunction('refusedByPolicy', (what) => refused.push(what));
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        globalThis.refusedByPolicy(`${event.effectiveDirective} ${event.blockedURI}`);
      });
      // What was shown on the way, before the end.
      globalThis.passed = [];
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          if (target.className === 'state') globalThis.passed.push(target.textContent);
        }
      }).observe(document, { childList: true, subtree: true });
    });
    page.on('pageerror', (error) => errors.push(String(error)));
    const chooser = page.waitForEvent('filechooser');
    // Nobody waits for it where files are dropped.
    chooser.catch(() => {});
    if (values.hurry) await page.clock.install();
    await page.goto(address);
    const begun = await page.evaluate(shown);
    if (values.api !== undefined) await typeApi(page, values.api);
    if (files.length > 0) await (values.drop ? drop(page, files) : chooseByKeyboard(page, chooser, files));
    try {
      await settled(page, files.length, values.hurry);
      if (values.again) {
        await pressAgain(page);
        await settled(page, files.length, values.hurry);
      }
    } catch (error) {
      await page.screenshot({ path: join(folder, 'failed.png'), fullPage: true });
      throw error;
    }
    const facts = { ...(await page.evaluate(shown)), begun, refused, errors, ...(await looks(page, axe, folder)) };
    console.log(JSON.stringify(facts));
  } finally {
    await instance.close();
  }
}

try {
  await main();
} catch (error) {
  console.error(error.stack ?? String(error));
  process.exitCode = 1;
}
