// urql with refresh on expiry.
import { Client, fetchExchange } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';

import { hasExpired } from './session.mjs';

export function urqlTab(session, fetch, uri) {
  let refused;
  const auth = authExchange(async (utils) => ({
    addAuthToOperation(operation) {
      const accessToken = session.accessToken();
      return accessToken ? utils.appendHeaders(operation, { authorization: `Bearer ${accessToken}` }) : operation;
    },
    didAuthError({ graphQLErrors }, operation) {
      const expired = hasExpired(graphQLErrors);
      if (expired) refused = sentWith(operation);
      return expired;
    },
    refreshAuth: async () => void (await session.renew(refused)),
  }));
  const client = new Client({ url: uri, fetch, preferGetMethod: false, requestPolicy: 'network-only', exchanges: [auth, fetchExchange] });
  const data = async (result) => {
    const answer = await result.toPromise();
    if (answer.error) throw answer.error;
    return answer.data;
  };
  return {
    query: (document) => data(client.query(document, {})),
    mutate: (document, variables) => data(client.mutation(document, variables)),
  };
}

const sentWith = ({ context }) => context.fetchOptions.headers.authorization.slice('Bearer '.length);
