// Two tabs of one browser whose access token expires under both at once, round after round, with Apollo Client and with
// urql: nobody is logged out, and no change is lost or made twice. `cargo xtask clients` starts the shop.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { apolloTab } from './apollo.mjs';
import { openSession } from './session.mjs';
import { urqlTab } from './urql.mjs';

const gateways = process.env.GATEWAYS.split(',');
const ageing = process.env.AGEING;
const rounds = Number(process.env.ROUNDS);

const CREATE = 'mutation { cartCreate { cart { id } tokens { accessToken refreshToken } } }';
const ADD = `mutation Add($cart: ID!, $variant: ID!, $key: IdempotencyKey!) {
  cartLinesAdd(cartId: $cart, lines: [{ variantId: $variant, quantity: 1 }], idempotencyKey: $key) {
    cart { id totalQuantity } errors { code } } }`;
const VARIANT = '{ products(first: 1) { nodes { id variants(first: 1) { nodes { id } } } } }';
const VIEWER = '{ viewer { session { id } cart { id totalQuantity } } }';

/** A browser: what its tabs share, and how often they called. */
function browser() {
  const items = new Map();
  const storage = {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, text) => void items.set(name, text),
    removeItem: (name) => void items.delete(name),
  };
  const calls = { refused: 0, refreshes: 0 };
  let turn = 0;
  // Each call goes to the other gateway.
  const send = async (path, options) => {
    if (options.body.includes('sessionRefresh')) calls.refreshes += 1;
    const response = await fetch(gateways[turn++ % gateways.length] + path, options);
    if (response.status === 401) calls.refused += 1;
    return response;
  };
  return { storage, calls, send };
}

/** The shared access token as it will be once it has expired. */
async function expire(session, storage) {
  const { accessToken, refreshToken } = JSON.parse(storage.getItem('tidegate'));
  const response = await fetch(ageing, { method: 'POST', body: accessToken });
  assert.equal(response.status, 200);
  session.hold({ accessToken: await response.text(), refreshToken });
}

async function play(name, open) {
  const { storage, calls, send } = browser();
  const sessions = [0, 1].map(() => openSession(storage, send, '/graphql'));
  const tabs = sessions.map((session) => open(session, send, '/graphql'));

  const { products } = await tabs[0].query(VARIANT);
  const variant = products.nodes[0].variants.nodes[0].id;
  const { cartCreate } = await tabs[0].mutate(CREATE, {});
  sessions[0].hold(cartCreate.tokens);
  const begun = (await tabs[1].query(VIEWER)).viewer.session.id;

  for (let round = 1; round <= rounds; round += 1) {
    await expire(sessions[0], storage);
    const variables = () => ({ cart: cartCreate.cart.id, variant, key: randomUUID() });
    const [one, other, seen] = await Promise.all([
      tabs[0].mutate(ADD, variables()),
      tabs[1].mutate(ADD, variables()),
      tabs[round % 2].query(VIEWER),
    ]);
    for (const { cartLinesAdd } of [one, other]) assert.deepEqual(cartLinesAdd.errors, []);
    assert.equal(seen.viewer.session.id, begun, `${name}, round ${round}: another session`);
    assert.ok(storage.getItem('tidegate'), `${name}, round ${round}: logged out`);
  }

  for (const tab of tabs) {
    const { viewer } = await tab.query(VIEWER);
    assert.equal(viewer.session.id, begun);
    assert.deepEqual({ ...viewer.cart, __typename: undefined }, { id: cartCreate.cart.id, totalQuantity: 2 * rounds, __typename: undefined });
  }
  // Three requests a round were refused, and in most rounds both tabs traded the same token.
  assert.ok(calls.refused >= 2 * rounds, `${calls.refused} requests were refused`);
  assert.ok(calls.refreshes > 1.25 * rounds && calls.refreshes <= 2 * rounds, `${calls.refreshes} refreshes`);
  console.log(`${name}: ${rounds} rounds, ${calls.refused} expired requests, ${calls.refreshes} refreshes, 0 logouts`);
}

await play('Apollo Client', apolloTab);
await play('urql', urqlTab);
