// What a storefront does with its tokens, whatever GraphQL client it uses. docs/clients.md explains each step.
const NAME = 'tidegate';
const REFRESH = `mutation Refresh($token: String!) {
  sessionRefresh(refreshToken: $token) { tokens { accessToken refreshToken } errors { code } } }`;

/** `storage` is shared by all tabs, as localStorage is; `fetch` and `uri` reach the shop. */
export function openSession(storage, fetch, uri) {
  const held = () => JSON.parse(storage.getItem(NAME) ?? 'null');
  const hold = (tokens) => storage.setItem(NAME, JSON.stringify(tokens));
  let underway = null;

  // Without the access token, which has expired: a request that carries it is refused.
  async function trade(token) {
    const body = JSON.stringify({ query: REFRESH, variables: { token } });
    const response = await fetch(uri, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { data } = await response.json();
    if (!data) throw new Error(`no answer to the refresh: ${response.status}`);
    return data.sessionRefresh;
  }

  async function renew(refused) {
    const before = held();
    if (before?.accessToken !== refused) return before?.accessToken;
    const { tokens } = await trade(before.refreshToken);
    // Another tab may have traded meanwhile, and gone on: what it stored is as new or newer.
    const now = held();
    if (now?.refreshToken === before.refreshToken) {
      if (tokens) hold(tokens);
      else storage.removeItem(NAME);
    }
    return held()?.accessToken;
  }

  return {
    accessToken: () => held()?.accessToken,
    hold,
    /** Trades once for all requests of this tab that were refused; undefined when the session has ended. */
    renew(refused) {
      underway ??= renew(refused).finally(() => {
        underway = null;
      });
      return underway;
    },
  };
}

/** Whether an answer says that its access token is to be renewed. */
export const hasExpired = (errors) => errors?.some(({ extensions }) => extensions?.code === 'TOKEN_EXPIRED') ?? false;
