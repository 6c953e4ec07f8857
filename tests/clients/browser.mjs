// Chromium with tokens in cookies: signs in, refreshes when two tabs' access token has expired at once, keeps the tokens
// from scripts, and lets no page of another site, nor of another part of the same one, write anything.
// `cargo xtask clients` starts the shop and the pages.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const { PORT, SHOP, AGEING, EMAIL, PASSWORD } = process.env;
const [stranger, sibling] = process.env.OTHERS.split(',').map((host) => `https://${host}:${PORT}`);
const shop = `https://${SHOP}:${PORT}`;
const ACCESS = '__Host-tidegate-access';
const ROUNDS = 10;

const LOGIN = `mutation($input: LoginInput!) { login(input: $input) {
  tokens { accessToken refreshToken accessTokenExpiresAt } session { id } errors { code } } }`;
const VIEWER = '{ viewer { session { id } customer { email phone } cart { totalQuantity } } }';
const VARIANT = '{ products(first: 1) { nodes { variants(first: 1) { nodes { id } } } } }';
const CREATE = 'mutation { cartCreate { cart { id } errors { code } } }';
const ADD = `mutation($cart: ID!, $variant: ID!, $key: IdempotencyKey!) {
  cartLinesAdd(cartId: $cart, lines: [{ variantId: $variant, quantity: 1 }], idempotencyKey: $key) { errors { code } } }`;
const CHANGE = 'mutation { customerUpdate(input: { phone: "666" }) { errors { code } } }';
const LOGOUT = 'mutation { logout { accepted errors { code } } }';

/** What a page of the shop does: it never sees a token, so it asks again after a refresh when it is told to. */
function pageScript() {
  const call = async (query, variables = {}) => {
    const body = JSON.stringify({ query, variables });
    const response = await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return { status: response.status, ...(await response.json()) };
  };
  const hasExpired = ({ errors }) => errors?.some(({ extensions }) => extensions?.code === 'TOKEN_EXPIRED') ?? false;
  globalThis.call = call;
  globalThis.refreshes = 0;
  globalThis.ask = async (query, variables) => {
    const answer = await call(query, variables);
    if (!hasExpired(answer)) return answer;
    globalThis.refreshes += 1;
    const { data } = await call('mutation { sessionRefresh { session { id } errors { code } } }');
    if (data.sessionRefresh.errors.length > 0) throw new Error('logged out');
    return call(query, variables);
  };
}

const ask = (page, query, variables) =>
  page.evaluate(([query, variables]) => globalThis.ask(query, variables), [query, variables]);

async function jar(context) {
  const cookies = (await context.cookies(shop)).filter(({ name }) => name.startsWith('__Host-tidegate'));
  return Object.fromEntries(cookies.map((cookie) => [cookie.name, cookie]));
}

async function signIn(page, context) {
  const input = { password: { email: EMAIL, password: PASSWORD } };
  const { data } = await ask(page, LOGIN, { input });
  assert.deepEqual(data.login.errors, []);
  const { accessToken, refreshToken, accessTokenExpiresAt } = data.login.tokens;
  assert.deepEqual([accessToken, refreshToken], [null, null], 'no token is shown to scripts');
  assert.ok(accessTokenExpiresAt);
  assert.equal(await page.evaluate(() => document.cookie), '', 'scripts see no cookie');
  const held = await jar(context);
  assert.equal(Object.keys(held).length, 2);
  for (const cookie of Object.values(held)) {
    assert.deepEqual([cookie.httpOnly, cookie.secure, cookie.sameSite, cookie.domain], [true, true, 'Lax', SHOP]);
  }
  return data.login.session.id;
}

/** Makes the browser's access token one that has expired. */
async function expire(context) {
  const cookie = (await jar(context))[ACCESS];
  const response = await fetch(AGEING, { method: 'POST', body: cookie.value });
  assert.equal(response.status, 200);
  const { domain, path, expires, httpOnly, secure, sameSite } = cookie;
  const value = await response.text();
  await context.addCookies([{ name: ACCESS, value, domain, path, expires, httpOnly, secure, sameSite }]);
}

async function refreshInTwoTabs(context, tabs, session) {
  const { products } = (await ask(tabs[0], VARIANT)).data;
  const { cartCreate } = (await ask(tabs[0], CREATE)).data;
  const line = { cart: cartCreate.cart.id, variant: products.nodes[0].variants.nodes[0].id };
  for (let round = 1; round <= ROUNDS; round += 1) {
    await expire(context);
    const variables = () => ({ ...line, key: crypto.randomUUID() });
    const added = await Promise.all(tabs.map((tab) => ask(tab, ADD, variables())));
    for (const { data } of added) assert.deepEqual(data?.cartLinesAdd.errors, [], JSON.stringify(added));
  }
  for (const tab of tabs) {
    const { viewer } = (await ask(tab, VIEWER)).data;
    assert.deepEqual([viewer.session.id, viewer.cart.totalQuantity], [session, 2 * ROUNDS]);
  }
  const refreshes = await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.refreshes)));
  const all = refreshes[0] + refreshes[1];
  assert.ok(all >= ROUNDS && all <= 2 * ROUNDS, `${all} refreshes`);
  console.log(`cookies: ${ROUNDS} rounds, ${all} refreshes in two tabs, 0 logouts`);
}

/** Everything that a page can send without asking first, and what it cannot. */
async function attack(page, from) {
  await page.goto(from);
  return page.evaluate(
    async ([url, documents]) => {
      const answers = [];
      for (const query of documents) {
        for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
          for (const mode of ['cors', 'no-cors']) {
            const options = { method: 'POST', mode, credentials: 'include', headers: { 'content-type': type } };
            const signal = AbortSignal.timeout(3_000);
            const answer = fetch(url, { ...options, signal, body: JSON.stringify({ query }) });
            const told = answer.then((response) => `${response.type} ${response.status}`);
            answers.push(await told.catch(({ name }) => `refused by the browser (${type}, ${mode}): ${name}`));
          }
        }
        const blob = new Blob([JSON.stringify({ query })], { type: 'text/plain' });
        answers.push(`beacon ${navigator.sendBeacon(url, blob)}`);
      }
      return answers;
    },
    [`${shop}/graphql`, [CHANGE, LOGOUT]],
  );
}

/** A form that is sent by itself: the browser goes where it leads. */
async function form(context, from, method) {
  const page = await context.newPage();
  await page.goto(from);
  const answered = page.waitForResponse((response) => response.url().startsWith(`${shop}/graphql`));
  await page.evaluate(
    ([url, method, query]) => {
      const form = document.createElement('form');
      Object.assign(form, { action: url, method, enctype: 'text/plain' });
      const field = document.createElement('input');
      // As text it is JSON: {"query":"…","x":"="}.
      const [name, value] = method === 'get' ? ['query', query] : [`{"query":${JSON.stringify(query)},"x":"`, '"}'];
      Object.assign(field, { name, value });
      form.append(field);
      document.body.append(form);
      form.submit();
    },
    [`${shop}/graphql`, method, LOGOUT],
  );
  // The page stays open: one that is closed while it is on its way may never be.
  return (await answered).status();
}

async function refuseOthers(context, tab, session) {
  const before = await jar(context);
  const calls = () => tab.evaluate(async () => (await fetch('/calls')).json());
  for (const from of [stranger, sibling]) {
    const already = (await calls()).length;
    const page = await context.newPage();
    const answers = await attack(page, from);
    assert.ok(answers.every((answer) => !answer.endsWith(' 200')), `${from}: ${answers}`);
    for (const method of ['get', 'post']) {
      const status = await form(context, from, method);
      assert.ok([403, 405, 415].includes(status), `${from}: a form by ${method} is answered ${status}`);
    }
    await page.close();
    const made = (await calls()).slice(already);
    assert.ok(made.length >= 10, `${made.length} calls of ${from} came through to the shop`);
    assert.ok(made.every(({ status }) => status >= 400), `${from}: ${JSON.stringify(made)}`);
    // What SameSite lets through, the shop itself must refuse: a sibling's calls, and whoever follows a link.
    assert.ok(made.some(({ cookies }) => cookies), `${from} was sent with cookies`);
    console.log(`cookies: ${made.length} calls of pages at ${new URL(from).hostname} refused, ${made.filter(({ cookies }) => cookies).length} of them with the cookies`);
  }
  const { data } = await ask(tab, VIEWER);
  assert.deepEqual([data.viewer.session.id, data.viewer.customer], [session, { email: EMAIL, phone: null }]);
  assert.deepEqual(await jar(context), before, 'the cookies are as before');
}

// Nothing here takes long; what hangs must not hang for ever.
setTimeout(() => {
  console.error('the browser takes too long');
  process.exit(1);
}, 120_000).unref();

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', // as root, in a container
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--host-resolver-rules=MAP *.test 127.0.0.1',
  ],
});
try {
  // The certificate signs itself; that it is checked at all is a browser's affair.
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  context.setDefaultTimeout(20_000);
  await context.addInitScript(pageScript);
  const tabs = [await context.newPage(), await context.newPage()];
  for (const tab of tabs) await tab.goto(shop);
  const session = await signIn(tabs[0], context);
  await refreshInTwoTabs(context, tabs, session);
  await refuseOthers(context, tabs[1], session);
  assert.deepEqual((await ask(tabs[1], LOGOUT)).data.logout, { accepted: true, errors: [] });
  assert.deepEqual(await jar(context), {}, 'a sign-out takes the cookies away');
  assert.equal((await ask(tabs[0], VIEWER)).data.viewer, null);
  console.log('cookies: signed out in both tabs');
} finally {
  await browser.close();
}
