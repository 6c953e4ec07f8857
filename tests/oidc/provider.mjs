// A certified OpenID Connect provider on this machine, for the drill `cargo xtask oidc`. It signs everybody in who names
// themselves in `login_hint`, without asking. The first line of its output is its address; it ends with its input.
//
// POST /control/rotate   signs with a new key from now on and publishes that alone
// POST /control/away     answers everything with 503, until /control/back
// GET  /control/calls    how often each path was asked for

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

import { Provider } from 'oidc-provider';

// The drill reads the first line alone; what the provider says later must not end it.
process.stdout.on('error', () => {});

const [redirectUri, audience] = process.argv.slice(2);
const SCOPE = 'shop';

const calls = {};
let away = false;
let handle;

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomBytes(8).toString('hex');
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
}

function account(id) {
  const name = id.split('@')[0];
  const claims = { sub: id, email: id, email_verified: !name.startsWith('unverified'), given_name: name };
  return { accountId: id, claims: () => claims };
}

// The redirect goes to the front end, so only the provider's own side is configured here.
function configuration() {
  const client = { redirect_uris: [redirectUri], response_types: ['code'], grant_types: ['authorization_code'] };
  return {
    clients: [
      { ...client, client_id: 'shop', client_secret: 'a secret: with % and +' },
      { ...client, client_id: 'app', token_endpoint_auth_method: 'none' },
      {
        client_id: 'service',
        client_secret: 'service-secret',
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['given_name', 'family_name'] },
    findAccount: (_, id) => account(id),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: SCOPE,
          audience,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}

async function signIn(provider, request, response) {
  const { params } = await provider.interactionDetails(request, response);
  const accountId = params.login_hint ?? 'ada@shop.example';
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const result = { login: { accountId }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result);
}

function begin(issuer) {
  const provider = new Provider(issuer, configuration());
  const callback = provider.callback();
  handle = (request, response) =>
    request.url.startsWith('/interaction/') ? signIn(provider, request, response) : callback(request, response);
}

function control(path, issuer) {
  if (path === '/control/rotate') begin(issuer);
  if (path === '/control/away') away = true;
  if (path === '/control/back') away = false;
  return JSON.stringify(calls);
}

const server = createServer(async (request, response) => {
  const path = request.url.split('?')[0];
  if (path.startsWith('/control/')) {
    response.end(control(path, issuer()));
    return;
  }
  calls[path] = (calls[path] ?? 0) + 1;
  if (away) {
    response.writeHead(503).end();
    return;
  }
  try {
    await handle(request, response);
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});

const issuer = () => `http://127.0.0.1:${server.address().port}`;

server.listen(0, '127.0.0.1', () => {
  begin(issuer());
  console.log(issuer());
});
process.stdin.resume().on('end', () => process.exit(0));
