// Apollo Client 4 with refresh on expiry.
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, ServerError, gql } from '@apollo/client/core';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { from, mergeMap } from 'rxjs';

import { hasExpired } from './session.mjs';

// 401 comes as GraphQL errors, or as an error of the transport where the answer was `application/json`.
function isExpired(error) {
  if (CombinedGraphQLErrors.is(error)) return hasExpired(error.errors);
  return ServerError.is(error) && error.statusCode === 401 && error.bodyText.includes('TOKEN_EXPIRED');
}

export function apolloTab(session, fetch, uri) {
  const authorize = new SetContextLink((previous) => {
    const accessToken = session.accessToken();
    const authorization = accessToken && { authorization: `Bearer ${accessToken}` };
    return { accessToken, headers: { ...previous.headers, ...authorization } };
  });
  const renew = new ErrorLink(({ error, operation, forward }) => {
    const { accessToken, isRetry } = operation.getContext();
    if (isRetry || !isExpired(error)) return undefined;
    operation.setContext({ isRetry: true });
    return from(session.renew(accessToken)).pipe(mergeMap(() => forward(operation)));
  });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([renew, authorize, new HttpLink({ uri, fetch })]),
    defaultOptions: { query: { fetchPolicy: 'network-only' } },
  });
  return {
    query: async (document) => (await client.query({ query: gql(document) })).data,
    mutate: async (document, variables) => (await client.mutate({ mutation: gql(document), variables })).data,
  };
}
