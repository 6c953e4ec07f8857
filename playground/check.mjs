// Opens the built playground in Chromium and uses it, against a stand-in that answers by schema.graphql or, with --url,
// against a running `tidegate dev`. Fails on a console error, on a request to anywhere else, on an example that does not
// run. `--shots DIR` keeps pictures.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { startMock } from './mock.mjs';
import { exampleFaults } from './validate.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    schema: { type: 'string', default: path.join(here, '../schema.graphql') },
    assets: { type: 'string', default: path.join(here, '../crates/gateway/assets/playground') },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    shots: { type: 'string' },
  },
});
const FLAGS = [
  '--no-sandbox', // as root, in a container
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const TABS = ['Products', 'Product', 'Search', 'Collections', 'NewCart', 'BuyerAndAddress'];

const choices = ['BuyerAndAddress', 'Order']; // of the sixth tab, which needs the token too

let passed = 0;
function step(text) {
  passed += 1;
  console.log(`ok ${passed} ${text}`);
}

function watch(page, origin) {
  const seen = { errors: [], strangers: [], requests: 0 };
  page.on('console', (message) => message.type() === 'error' && seen.errors.push(message.text()));
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // A reload cancels what is under way; every other failure counts.
    if (reason !== 'net::ERR_ABORTED') seen.errors.push(`${request.url()}: ${reason}`);
  });
  page.context().on('request', (request) => {
    seen.requests += 1;
    const { protocol, origin: from } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && from !== origin) seen.strangers.push(request.url());
  });
  return seen;
}

/** Reads, or with `text` replaces, what an editor holds: operation, variables, headers or response. */
const editor = (page, name, text) =>
  page.evaluate(
    ([part, value]) => {
      const model = globalThis.__MONACO.editor.getModels().find(({ uri }) => uri.path.includes(part));
      if (value !== undefined) model.setValue(value);
      return model.getValue();
    },
    [name, text],
  );

async function openTab(page, name) {
  await page.getByRole('tab', { name, exact: true }).click();
  await settle(page);
}

/** GraphiQL reads an editor's text only when it has been still for half a second. */
const settle = (page) => page.waitForTimeout(800);

async function shot(page, name) {
  if (!options.shots) return;
  await mkdir(options.shots, { recursive: true });
  await page.screenshot({ path: path.join(options.shots, `${name}.png`) });
}

async function run(page, operation) {
  const answered = page.waitForResponse((response) => {
    const { operationName } = response.request().postDataJSON() ?? {};
    return response.url().endsWith('/graphql') && operationName === operation;
  });
  await page.getByRole('button', { name: /Execute query/ }).click();
  if (choices.includes(operation)) await page.getByRole('menuitem', { name: operation, exact: true }).click();
  const response = await answered;
  const token = response.request().headers().authorization;
  assert.equal(token?.startsWith('Bearer ') ?? false, choices.includes(operation), `${operation} has its headers`);
  assert.equal(response.status(), 200, `${operation} answers ${response.status()}`);
  const result = await response.json();
  assert.equal(result.errors, undefined, `${operation}: ${JSON.stringify(result.errors)}`);
  await page.locator('.result-window .view-line').filter({ hasText: '"data"' }).first().waitFor();
  return result.data;
}

async function load(page, address) {
  await page.goto(address);
  assert.equal(await page.title(), 'Tidegate playground');
  await page.locator('.graphiql-query-editor .monaco-editor .view-line').first().waitFor();
  step('the page opens');
  const tabs = await page.getByRole('tab').allInnerTexts();
  assert.deepEqual(tabs.map((text) => text.trim()), TABS);
  assert.ok(await page.locator('.hint').innerText().then((text) => text.includes('tab 5 makes a cart')));
  step('six tabs and the hint are there');
}

/** Runs the four tabs that need nothing, and returns the id of a variant that can be bought. */
async function browse(page) {
  const { products } = await run(page, 'Products');
  assert.ok(products.nodes.length > 0, 'the product list is not empty');
  await shot(page, '1-products');
  step(`the first example lists ${products.nodes.length} products`);
  const finds = async (name, found) => {
    await openTab(page, name);
    const data = await run(page, name);
    assert.ok(found(data), `${name} finds something: ${JSON.stringify(data).slice(0, 300)}`);
    await shot(page, name);
    step(`the example ${name} finds something`);
    return data;
  };
  const sellable = ({ availability }) => availability.sellable;
  const { product } = await finds('Product', (data) => data.product?.variants.nodes.some(sellable));
  await finds('Search', ({ search }) => search.nodes.length > 0);
  await finds('Collections', ({ collections }) => collections.nodes.every(({ products: { nodes } }) => nodes.length > 0));
  return product.variants.nodes.find(sellable).id;
}

async function edit(page, name, change) {
  const before = JSON.parse(await editor(page, name));
  await editor(page, name, JSON.stringify({ ...before, ...change }, null, 2));
  await settle(page);
}

/** Makes a cart of a variant, orders it, and returns the token that it took. */
async function buy(page, variantId) {
  await openTab(page, 'NewCart');
  await edit(page, 'variables', { variantId });
  const { cartCreate } = await run(page, 'NewCart');
  assert.deepEqual(cartCreate.errors, []);
  await shot(page, '5-new-cart');
  step('the fifth example makes a cart');
  await openTab(page, 'BuyerAndAddress');
  await page.getByRole('button', { name: 'Headers', exact: true }).click();
  await edit(page, 'headers', { Authorization: `Bearer ${cartCreate.tokens.accessToken}` });
  await edit(page, 'variables', { cartId: cartCreate.cart.id });
  const { cartApply } = await run(page, 'BuyerAndAddress');
  assert.deepEqual(cartApply.errors, []);
  const { amount, currency } = cartApply.cart.cost.total;
  await edit(page, 'variables', { total: { amount, currency } });
  const first = (await run(page, 'Order')).checkoutComplete;
  assert.deepEqual(first.errors, []);
  const again = (await run(page, 'Order')).checkoutComplete;
  assert.equal(again.order.id, first.order.id, 'the same key makes one order');
  await shot(page, '6-checkout');
  step('the sixth example orders it, once');
  return cartCreate.tokens.accessToken;
}

async function complete(page) {
  await page.getByRole('button', { name: 'New tab' }).click();
  await editor(page, 'operation', '');
  await page.locator('.graphiql-query-editor .monaco-editor').click();
  await page.keyboard.type('{ prod');
  const suggestions = page.locator('.suggest-widget.visible .monaco-list-row');
  await suggestions.filter({ hasText: 'products' }).first().waitFor();
  await shot(page, '7-completion');
  step('the editor completes fields from the schema');
}

async function restore(page, token) {
  const kept = await page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
  assert.ok(kept.includes('tidegate-playground:'), 'the tabs are kept');
  assert.ok(!kept.includes(token), 'the token is not kept in the browser');
  page.once('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Restore the examples' }).click();
  await page.getByRole('tab', { name: 'NewCart' }).waitFor();
  await page.waitForFunction((count) => document.querySelectorAll('[role=tab]').length === count, TABS.length);
  step('the examples come back, and the token was kept nowhere');
}

async function fresh(assets) {
  const rebuilt = await mkdtemp(path.join(tmpdir(), 'playground-'));
  try {
    await promisify(execFile)(process.execPath, [path.join(here, 'build.mjs'), rebuilt]);
    const contents = async (folder) => {
      const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
      const files = names.map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name))).sort();
      return Promise.all(files.map(async (file) => [file, (await readFile(path.join(folder, file))).toString('base64')]));
    };
    const same = JSON.stringify(await contents(assets)) === JSON.stringify(await contents(rebuilt));
    assert.ok(same, 'the built files are not what the sources build: run `npm run build`');
  } finally {
    await rm(rebuilt, { recursive: true });
  }
  step('the built files are what the sources build, byte for byte');
}

/** What the page would do if someone else's words got into it: nothing of it may work. */
async function confine(browser, address) {
  const page = await browser.newPage();
  await page.goto(address);
  const refused = await page.evaluate(async () => {
    const violations = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective));
    const inline = document.createElement('script');
    inline.textContent = 'globalThis.inlineRan = true';
    document.head.append(inline);
    const image = new Image();
    image.src = 'http://127.0.0.2:9/picture.png';
    await fetch('http://127.0.0.2:9/').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { inlineRan: globalThis.inlineRan ?? false, violations: violations.sort() };
  });
  assert.deepEqual(refused, { inlineRan: false, violations: ['connect-src', 'img-src', 'script-src-elem'] });
  step('the content policy refuses inline scripts and other addresses');
  await page.close();
}

await fresh(options.assets);
const sdl = await readFile(options.schema, 'utf8');
assert.deepEqual(await exampleFaults(sdl), []);
step('the examples are valid');
const mock = options.url ? undefined : await startMock(options.assets, sdl);
const address = options.url ?? mock.address;
const browser = await chromium.launch({ executablePath: options.chromium, headless: true, args: FLAGS });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(20_000);
  const seen = watch(page, new URL(address).origin);
  await load(page, address);
  const variant = await browse(page);
  const token = await buy(page, variant);
  await complete(page);
  await restore(page, token);
  assert.deepEqual(seen.strangers, [], 'no request leaves for anywhere else');
  assert.deepEqual(seen.errors, [], 'the console is clean');
  step(`${seen.requests} requests, all to the same origin, and a clean console`);
  await confine(browser, address);
  console.log(`${passed} passed, 0 failed`);
} finally {
  await browser.close();
  mock?.server.close();
}
